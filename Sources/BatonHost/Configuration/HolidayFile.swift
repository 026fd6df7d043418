import Foundation

/// The days of the events of an iCalendar file, as holidays are published: RFC 5545. What it does not follow is an error with its
/// line, as a day that is left out would be worked on.
struct HolidayFile {
    /// Dates such as `2026-12-25`.
    private(set) var days: [String] = []

    /// An event as far as it was read.
    private struct Event {
        var start: DateComponents?
        var end: DateComponents?
        var rule: (text: String, line: Int)?
        var isCancelled = false
        var excluded: Set<String> = []
    }

    /// A gregorian calendar without a zone.
    private static let gregorian = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: "UTC") ?? .gmt
        return calendar
    }()
    /// An event that lasts longer is no holiday, and its end a mistake.
    private static let longestEvent = 366
    private static let mostDays = 20_000

    private let path: String
    private let lastYear: Int

    /// - Parameters:
    ///   - path: of the file, for messages.
    ///   - lastYear: up to which rules without an end are followed.
    init(_ text: String, path: String, until lastYear: Int) throws(ConfigurationError) {
        self.path = path
        self.lastYear = lastYear
        var event: Event?
        var hasBegun = false
        for (number, line) in Self.unfolded(text) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let name = line[..<colon].prefix { $0 != ";" }.uppercased()
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            switch (name, value.uppercased()) {
            case ("BEGIN", "VCALENDAR"): hasBegun = true
            case ("BEGIN", "VEVENT"): event = Event()
            case ("END", "VEVENT"):
                if let event { try add(event, number) }
                event = nil
            case ("DTSTART", _): event?.start = try date(value, number)
            case ("DTEND", _): event?.end = try date(value, number)
            case ("RRULE", _): event?.rule = (value.uppercased(), number)
            case ("STATUS", "CANCELLED"): event?.isCancelled = true
            case ("EXDATE", _):
                for one in value.split(separator: ",") where event != nil {
                    event?.excluded.insert(Self.text(try date(String(one), number)))
                }
            case ("RDATE", _), ("EXRULE", _), ("DURATION", _):
                if event != nil { throw problem(number, "\(name) is not read: write the days with DTSTART") }
            default: break
            }
        }
        guard hasBegun else { throw ConfigurationError("\(path) is no iCalendar file: it has no BEGIN:VCALENDAR") }
    }

    /// True for a date such as `2026-12-25` that is there.
    static func isDate(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2], parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } })
        else { return false }
        let components = DateComponents(year: Int(parts[0]), month: Int(parts[1]), day: Int(parts[2]))
        return components.isValidDate(in: gregorian)
    }

    /// Lines with their numbers; one that begins with a space or a tab goes on with the one before.
    private static func unfolded(_ text: String) -> [(number: Int, text: String)] {
        var lines: [(number: Int, text: String)] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            if line.first == " " || line.first == "\t", !lines.isEmpty {
                lines[lines.count - 1].text += line.dropFirst()
            } else {
                lines.append((index + 1, String(line)))
            }
        }
        return lines
    }

    private func problem(_ line: Int, _ text: String) -> ConfigurationError {
        ConfigurationError("\(path), line \(line): \(text)")
    }

    /// `20261225`, or a time on that day.
    private func date(_ value: String, _ line: Int) throws(ConfigurationError) -> DateComponents {
        let digits = value.prefix(8)
        let text = "\(digits.prefix(4))-\(digits.dropFirst(4).prefix(2))-\(digits.dropFirst(6))"
        guard Self.isDate(text), value.count == 8 || value.dropFirst(8).hasPrefix("T") else {
            throw problem(line, "a date such as 20261225 was expected; got \"\(value.prefix(40))\"")
        }
        let parts = text.split(separator: "-").compactMap { Int($0) }
        return DateComponents(year: parts[0], month: parts[1], day: parts[2])
    }

    private static func text(_ date: DateComponents) -> String {
        func digits(_ number: Int?, _ count: Int) -> String {
            let text = String(number ?? 0)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        return "\(digits(date.year, 4))-\(digits(date.month, 2))-\(digits(date.day, 2))"
    }

    // MARK: Events

    private mutating func add(_ event: Event, _ line: Int) throws(ConfigurationError) {
        guard !event.isCancelled else { return }
        guard let start = event.start, let first = Self.gregorian.date(from: start) else {
            throw problem(line, "this event has no DTSTART")
        }
        // The end of a day's event is the day after it.
        let end = event.end.flatMap { Self.gregorian.date(from: $0) } ?? first
        let length = max(1, Self.gregorian.dateComponents([.day], from: first, to: end).day ?? 1)
        guard length <= Self.longestEvent else { throw problem(line, "this event lasts \(length) days") }
        for begin in try starts(event, start) {
            guard !event.excluded.contains(Self.text(begin)), let date = Self.gregorian.date(from: begin) else {
                continue
            }
            for offset in 0..<length {
                guard let day = Self.gregorian.date(byAdding: .day, value: offset, to: date) else { continue }
                days.append(Self.text(Self.gregorian.dateComponents([.year, .month, .day], from: day)))
            }
        }
        guard days.count <= Self.mostDays else { throw problem(line, "the file has more than \(Self.mostDays) days") }
    }

    /// The days on which it begins: once, or each year by its rule.
    private func starts(_ event: Event, _ start: DateComponents) throws(ConfigurationError) -> [DateComponents] {
        guard let (text, line) = event.rule else { return [start] }
        var (interval, most, until) = (1, Int.max, "\(lastYear)-12-31")
        for part in text.split(separator: ";") {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            let value = pair.count == 2 ? pair[1] : ""
            switch (pair.first ?? "", value) {
            case ("FREQ", "YEARLY"), ("WKST", _): break
            case ("BYMONTH", String(start.month ?? 0)), ("BYMONTHDAY", String(start.day ?? 0)): break
            case ("INTERVAL", _) where (Int(value) ?? 0) > 0: interval = Int(value) ?? 1
            case ("COUNT", _) where (Int(value) ?? 0) > 0: most = Int(value) ?? 1
            case ("UNTIL", _): until = min(until, Self.text(try date(value, line)))
            default:
                throw problem(
                    line, "the rule \(text.prefix(80)) is not read, only FREQ=YEARLY on the same date: list the days")
            }
        }
        var found: [DateComponents] = []
        var year = start.year ?? lastYear
        while year <= lastYear, found.count < most {
            var next = start
            next.year = year
            guard Self.text(next) <= until else { break }
            // 29 February is there every fourth year.
            if next.isValidDate(in: Self.gregorian) { found.append(next) }
            guard interval <= 9999 else { break }
            year += interval
        }
        return found
    }
}
