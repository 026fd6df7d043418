import DataStudio
import Foundation

/// The days of the events of an iCalendar file, as holidays are published: RFC 5545. What it does not follow is an error with its
/// line, as a day that is left out would be worked on.
struct HolidayFile {
    /// Dates such as `2026-12-25`.
    private(set) var days: [String] = []

    /// An event as far as it was read. Days are counted from 1970 on.
    private struct Event {
        var start: Int64?
        var end: Int64?
        var rule: (text: String, line: Int)?
        var isCancelled = false
        var excluded: Set<Int64> = []
    }

    /// An event that lasts longer is no holiday, and its end a mistake.
    private static let longestEvent = 366
    private static let mostDays = 20_000
    /// What editors on Windows put in front of a text.
    private static let mark = "\u{FEFF}"

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
        for (number, line) in Self.unfolded(text.hasPrefix(Self.mark) ? String(text.dropFirst()) : text) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let name = line[..<colon].prefix { $0 != ";" }.uppercased()
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            switch (name, value.uppercased()) {
            case ("BEGIN", "VCALENDAR"): hasBegun = true
            case ("BEGIN", "VEVENT"): event = Event()
            case ("END", "VEVENT"):
                if let event { try add(event, number) }
                event = nil
            case ("DTSTART", _): event?.start = try day(value, number)
            case ("DTEND", _): event?.end = try day(value, number)
            case ("RRULE", _): event?.rule = (value.uppercased(), number)
            case ("STATUS", "CANCELLED"): event?.isCancelled = true
            case ("EXDATE", _):
                for one in value.split(separator: ",") where event != nil {
                    event?.excluded.insert(try day(String(one), number))
                }
            case ("RDATE", _), ("EXRULE", _), ("DURATION", _):
                if event != nil { throw problem(number, "\(name) is not read: write the days with DTSTART") }
            default: break
            }
        }
        guard hasBegun else { throw ConfigurationError("\(path) is no iCalendar file: it has no BEGIN:VCALENDAR") }
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
    private func day(_ value: String, _ line: Int) throws(ConfigurationError) -> Int64 {
        let digits = value.prefix(8)
        let date = [digits.prefix(4), digits.dropFirst(4).prefix(2), digits.dropFirst(6)].joined(separator: "-")
        guard let day = CivilTime.day(date), value.count == 8 || value.dropFirst(8).hasPrefix("T")
        else { throw problem(line, "a date such as 20261225 was expected; got \"\(value.prefix(40))\"") }
        return day
    }

    // MARK: Events

    private mutating func add(_ event: Event, _ line: Int) throws(ConfigurationError) {
        guard !event.isCancelled else { return }
        guard let start = event.start else { throw problem(line, "this event has no DTSTART") }
        // The end of a day's event is the day after it.
        let length = max(1, (event.end ?? start) - start)
        guard length <= Self.longestEvent else { throw problem(line, "this event lasts \(length) days") }
        for begin in try starts(event, start) where !event.excluded.contains(begin) {
            days += (begin..<begin + length).map { day in
                String(Timestamp(milliseconds: day * 86_400_000).iso8601.prefix(10))
            }
        }
        guard days.count <= Self.mostDays else { throw problem(line, "the file has more than \(Self.mostDays) days") }
    }

    /// The days on which it begins: once, or each year by its rule.
    private func starts(_ event: Event, _ start: Int64) throws(ConfigurationError) -> [Int64] {
        guard let (text, line) = event.rule else { return [start] }
        let date = CivilTime(seconds: start * 86_400)
        var (interval, most) = (1 as Int64, Int.max)
        var until = CivilTime.seconds(year: Int64(lastYear), month: 12, day: 31) / 86_400
        for part in text.split(separator: ";") {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            let value = pair.count == 2 ? pair[1] : ""
            switch (pair.first ?? "", value) {
            case ("FREQ", "YEARLY"), ("WKST", _): break
            case ("BYMONTH", String(date.month)), ("BYMONTHDAY", String(date.day)): break
            case ("INTERVAL", _) where (Int64(value) ?? 0) > 0: interval = Int64(value) ?? 1
            case ("COUNT", _) where (Int(value) ?? 0) > 0: most = Int(value) ?? 1
            case ("UNTIL", _): until = min(until, try day(value, line))
            default:
                throw problem(
                    line, "the rule \(text.prefix(80)) is not read, only FREQ=YEARLY on the same date: list the days")
            }
        }
        var found: [Int64] = []
        for year in stride(from: date.year, through: Int64(lastYear), by: Int(min(interval, 10_000)))
        where found.count < most {
            // 29 February is there every fourth year.
            if let next = CivilTime.day(year: year, month: date.month, day: date.day), next <= until {
                found.append(next)
            }
        }
        return found
    }
}
