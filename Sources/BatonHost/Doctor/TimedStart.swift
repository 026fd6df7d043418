import Foundation

/// When a line of a crontab or a systemd timer begins something, if that is at times of the day.
struct TimedStart: Equatable {
    /// In minutes of the day, each once.
    let minutes: [Int]
    /// The zone that the line names; `nil`: the machine's.
    var zone: String?

    /// A line of a crontab.
    ///
    /// - Returns: `nil` for one that begins nothing, or begins it in every hour.
    init?(crontab line: String) {
        let words = line.split(whereSeparator: \.isWhitespace)
        guard words.count >= 6, !words[0].hasPrefix("#"), words[1] != "*",
            let minutes = Self.values(words[0], 0...59), let hours = Self.values(words[1], 0...23)
        else { return nil }
        self.minutes = hours.flatMap { hour in minutes.map { hour * 60 + $0 } }
    }

    /// The value of `OnCalendar`, as systemd.time(7) describes it.
    ///
    /// - Returns: `nil` for one that elapses in every hour, or is written in another way.
    init?(calendar text: String) {
        var words = text.split(whereSeparator: \.isWhitespace)
        if words == ["daily"] || words == ["weekly"] || words == ["monthly"] {
            minutes = [0]
            return
        }
        if let last = words.last, !last.contains(":"), words.contains(where: { $0.contains(":") }) {
            zone = String(last)
            words.removeLast()
        }
        guard let time = words.last?.split(separator: ":"), time.count >= 2, time[0] != "*",
            let hours = Self.values(time[0], 0...23), let minutes = Self.values(time[1], 0...59)
        else { return nil }
        self.minutes = hours.flatMap { hour in minutes.map { hour * 60 + $0 } }
    }

    /// The numbers of a field: `*`, `5`, `1,3`, `1-5` or `1..5`, and each of them with `/2`.
    private static func values(_ field: Substring, _ range: ClosedRange<Int>) -> [Int]? {
        var values: Set<Int> = []
        for part in field.split(separator: ",", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "/", omittingEmptySubsequences: false)
            guard pieces.count <= 2, let base = pieces.first else { return nil }
            let ends = base.split { $0 == "-" || $0 == "." }.map { Int($0) }
            guard ends.count <= 2, base == "*" || !ends.isEmpty && !ends.contains(nil) else { return nil }
            let step = pieces.count == 2 ? Int(pieces[1]) : 1
            guard let step, step > 0 else { return nil }
            let first = base == "*" ? range.lowerBound : ends[0] ?? 0
            let last =
                base == "*" || (ends.count == 1 && pieces.count == 2) ? range.upperBound : (ends.last ?? nil) ?? first
            guard range.contains(first), range.contains(last), first <= last else { return nil }
            values.formUnion(stride(from: first, through: last, by: step))
        }
        return values.sorted()
    }
}
