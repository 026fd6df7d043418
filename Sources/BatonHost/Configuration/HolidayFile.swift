import DataStudio
import Foundation

/// The days of the events of an iCalendar file, as holidays are published: RFC 5545. What it does not follow is an error with its
/// line, as a day that is left out would be worked on.
struct HolidayFile {
    /// Days since 1970-01-01 of events that are there once.
    private var single: [Int64] = []
    /// Those of rules: they say nothing of what else there is in their years.
    private var ruled: [Int64] = []

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
        // The components that are open, as VCALENDAR, VEVENT, VALARM.
        var open: [String] = []
        var (number, hasBegun) = (0, false)
        for (place, line) in Self.unfolded(text.hasPrefix(Self.mark) ? String(text.dropFirst()) : text) {
            number = place
            guard let colon = line.firstIndex(of: ":") else { continue }
            let name = line[..<colon].prefix { $0 != ";" }.uppercased()
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            switch (name, value.uppercased()) {
            case ("BEGIN", let component):
                if open.isEmpty, component != "VCALENDAR" { throw noCalendar }
                guard component != "VEVENT" || open == ["VCALENDAR"] else {
                    throw problem(number, "an event begins within a \(open.last ?? "")")
                }
                hasBegun = true
                open.append(component)
                if open == Self.inEvent { event = Event() }
            case ("END", let component):
                guard open.last == component else { throw problem(number, "END:\(value.prefix(40)) ends nothing") }
                if open == Self.inEvent, let event { try add(event, number) }
                open.removeLast()
            case (_, let value) where open == Self.inEvent: try read(name, value, into: &event, number)
            default: break
            }
        }
        if let last = open.last { throw problem(number, "the file ends within a \(last)") }
        guard hasBegun else { throw noCalendar }
        guard !single.isEmpty || !ruled.isEmpty else {
            throw ConfigurationError("\(path) has no days: there is no event in it")
        }
    }

    private static let inEvent = ["VCALENDAR", "VEVENT"]

    private var noCalendar: ConfigurationError {
        ConfigurationError("\(path) is no iCalendar file: it does not begin with BEGIN:VCALENDAR")
    }

    /// What an event says of its days.
    private func read(
        _ name: String, _ value: String, into event: inout Event?, _ line: Int
    ) throws(ConfigurationError) {
        switch (name, value) {
        case ("DTSTART", _):
            if event?.start != nil { throw problem(line, "DTSTART stands twice in this event") }
            event?.start = try day(value, line)
        case ("DTEND", _):
            if event?.end != nil { throw problem(line, "DTEND stands twice in this event") }
            // The end is no part of the event, but the day is of which some hours are.
            event?.end = try day(value, line) + (Self.isWithinDay(value) ? 1 : 0)
        case ("RRULE", _): event?.rule = (value, line)
        case ("STATUS", "CANCELLED"): event?.isCancelled = true
        case ("EXDATE", _):
            for one in value.split(separator: ",") { event?.excluded.insert(try day(String(one), line)) }
        case ("RDATE", _), ("EXRULE", _), ("DURATION", _):
            throw problem(line, "\(name) is not read: write the days with DTSTART and DTEND")
        default: break
        }
    }

    /// Dates such as `2026-12-25`: those that are there once, and those of rules in the years of the others and of the days
    /// that are given. Where there are rules only, all of them.
    ///
    /// - Parameter listed: days of the configuration.
    func days(with listed: [String]) -> [String] {
        let given = single + listed.compactMap { CivilTime.day($0) }
        let years = given.map(Self.year)
        let known = ruled.filter { day in
            guard let first = years.min(), let last = years.max() else { return true }
            return (first...last).contains(Self.year(day))
        }
        return (given + known).map { String(Timestamp(milliseconds: $0 * 86_400_000).iso8601.prefix(10)) }
    }

    private static func year(_ day: Int64) -> Int64 { CivilTime(seconds: day * 86_400).year }

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

    /// True for a time later than midnight.
    private static func isWithinDay(_ value: String) -> Bool {
        value.dropFirst(9).utf8.contains { (49...57).contains($0) }
    }

    // MARK: Events

    private mutating func add(_ event: Event, _ line: Int) throws(ConfigurationError) {
        guard !event.isCancelled else { return }
        guard let start = event.start else { throw problem(line, "this event has no DTSTART") }
        let end = event.end ?? start
        guard end >= start else { throw problem(line, "this event ends before it begins") }
        // The end of a day's event is the day after it.
        let length = max(1, end - start)
        guard length <= Self.longestEvent else { throw problem(line, "this event lasts \(length) days") }
        for begin in try starts(event, start) where !event.excluded.contains(begin) {
            let days = begin..<begin + length
            if event.rule == nil { single += days } else { ruled += days }
        }
        guard single.count + ruled.count <= Self.mostDays else {
            throw problem(line, "the file has more than \(Self.mostDays) days")
        }
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
