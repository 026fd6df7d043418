import DataStudio
import JSON

/// Makes the ids of jobs; the same seed makes the same ids.
struct IDSource: Hashable {
    let kind: Scenario.IDKind
    private var nextInteger: Int64 = 4711
    private var random: UInt64

    init(_ kind: Scenario.IDKind, seed: UInt64) {
        self.kind = kind
        random = seed
    }

    /// The next id, as text and as the server writes it.
    mutating func next() -> (id: JobID, json: JSON) {
        switch kind {
        case .integer:
            defer { nextInteger += 1 }
            return (JobID(String(nextInteger)), .integer(nextInteger))
        case .uuid:
            let text = nextUUID()
            return (JobID(text), .string(text))
        }
    }

    /// A UUID of version 4.
    private mutating func nextUUID() -> String {
        let high = nextWord() & ~0xF000 | 0x4000
        let low = nextWord() & (.max >> 2) | (1 << 63)
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

    /// SplitMix64: small, and the same on every platform.
    private mutating func nextWord() -> UInt64 {
        random &+= 0x9E37_79B9_7F4A_7C15
        var word = random
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
