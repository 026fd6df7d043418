import DataStudio
import JSON

/// Makes the ids of jobs; the same seed makes the same ids.
struct IDSource: Hashable {
    let kind: Scenario.IDKind
    private var nextInteger: Int64 = 4711
    private var random: SplitMix

    init(_ kind: Scenario.IDKind, seed: UInt64) {
        self.kind = kind
        random = SplitMix(seed: seed)
    }

    /// Begins anew with the ids that were given away.
    mutating func restart() {
        nextInteger = 4711
    }

    /// The next id, as text and as the server writes it.
    mutating func next() -> (id: JobID, json: JSON) {
        switch kind {
        case .integer:
            defer { nextInteger += 1 }
            return (JobID(String(nextInteger)), .integer(nextInteger))
        case .string:
            defer { nextInteger += 1 }
            return (JobID("JOB-\(nextInteger)"), .string("JOB-\(nextInteger)"))
        case .uuid:
            let text = nextUUID()
            return (JobID(text), .string(text))
        }
    }

    /// A UUID of version 4.
    private mutating func nextUUID() -> String {
        let high = random.next() & ~0xF000 | 0x4000
        let low = random.next() & (.max >> 2) | (1 << 63)
        let digits = Self.digits(high) + Self.digits(low)
        var groups: [Substring] = []
        var rest = digits[...]
        for count in [8, 4, 4, 4, 12] {
            groups.append(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        return groups.joined(separator: "-")
    }

    private static func digits(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
