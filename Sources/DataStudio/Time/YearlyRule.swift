/// A zone as POSIX writes it into `TZ`: offsets, and when in every year summer time begins and ends.
struct YearlyRule: Hashable, Sendable {
    let standard: ZoneOffset
    private let summer: Summer?

    private struct Summer: Hashable {
        let offset: ZoneOffset
        /// By clocks that show standard time.
        let start: YearlyChange
        /// By clocks that show summer time.
        let end: YearlyChange
    }

    static let utc = YearlyRule(standard: .utc, summer: nil)

    private init(standard: ZoneOffset, summer: Summer?) {
        self.standard = standard
        self.summer = summer
    }

    /// Reads `CET-1CEST,M3.5.0,M10.5.0/3`, `<-03>3`, `UTC0`. Offsets count westwards.
    ///
    /// - Returns: `nil` for anything else, and for a zone with summer time that does not say when that is: the C library
    ///   would take the rules of the United States.
    init?(_ text: String) {
        var reader = RuleReader(text)
        guard let name = reader.abbreviation(), let west = reader.time(hours: 24) else { return nil }
        standard = ZoneOffset(seconds: -west, isSummer: false, abbreviation: name)
        if reader.isAtEnd {
            summer = nil
            return
        }
        guard let name = reader.abbreviation() else { return nil }
        var east = standard.seconds + 3600
        if !reader.isAt(",") {
            guard let west = reader.time(hours: 24) else { return nil }
            east = -west
        }
        guard let start = reader.change(), let end = reader.change(), reader.isAtEnd else { return nil }
        summer = Summer(
            offset: ZoneOffset(seconds: east, isSummer: true, abbreviation: name), start: start, end: end)
    }

    /// As ``ZoneRules/period(at:)``.
    func period(at instant: Int64) -> ZonePeriod {
        guard let summer else { return ZonePeriod(start: .min, end: .max, offset: standard) }
        // Scripts give any number: the farthest years are all alike.
        let year = CivilTime(seconds: min(max(instant, -1 << 60), 1 << 60) + standard.seconds).year
        // Summer time that lasts all year ends when it begins again: then it goes on.
        var (start, end, offset) = (Int64.min, Int64.max, standard)
        func take(_ change: Int64, to next: ZoneOffset) {
            if change > instant {
                end = min(end, change)
            } else if change > start || (change == start && next.isSummer) {
                (start, offset) = (change, next)
            }
        }
        // A change may lie a week before the year or after it.
        for year in (year - 2)...(year + 1) {
            take(summer.start.seconds(of: year) - standard.seconds, to: summer.offset)
            take(summer.end.seconds(of: year) - summer.offset.seconds, to: standard)
        }
        return ZonePeriod(start: start, end: end, offset: offset)
    }
}

/// The day and the time of a year at which clocks are changed.
struct YearlyChange: Hashable, Sendable {
    enum Day: Hashable {
        /// From 1 to 365: the 60th is 1 March, in leap years too.
        case withoutLeapDay(Int64)
        /// From 0 to 365.
        case ofYear(Int64)
        /// The first to the fourth such weekday of a month, or, as the fifth, the last.
        case weekday(Int64, week: Int64, month: Int64)
    }

    let day: Day
    /// Seconds after midnight; negative for the day before.
    let time: Int64

    /// In seconds since a clock showed midnight of 1970-01-01.
    func seconds(of year: Int64) -> Int64 {
        let days: Int64
        switch day {
        case .withoutLeapDay(let number):
            days = Timestamp.days(year, number < 60 ? 1 : 3, number < 60 ? number : number - 59)
        case .ofYear(let number): days = Timestamp.days(year, 1, 1) + number
        case .weekday(let weekday, let week, let month):
            let first = Timestamp.days(year, month, 1)
            let next = month == 12 ? Timestamp.days(year + 1, 1, 1) : Timestamp.days(year, month + 1, 1)
            let earliest = first + (weekday - (first + 4)).dividedDown(by: 7).remainder
            let wanted = earliest + (week - 1) * 7
            days = wanted < next ? wanted : wanted - 7
        }
        return days * 86_400 + time
    }
}

/// Reads a ``YearlyRule`` from its text.
private struct RuleReader {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = Substring(text).utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    func isAt(_ sign: Unicode.Scalar) -> Bool { rest.first == UInt8(ascii: sign) }

    private mutating func skip(_ sign: Unicode.Scalar) -> Bool {
        guard isAt(sign) else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// Three letters or more; in angle brackets also digits and signs.
    mutating func abbreviation() -> String? {
        let isQuoted = skip("<")
        let name = rest.prefix { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"): isQuoted
            default: false
            }
        }
        guard (3...64).contains(name.count) else { return nil }
        rest = rest.dropFirst(name.count)
        guard !isQuoted || skip(">") else { return nil }
        return String(decoding: name, as: UTF8.self)
    }

    private mutating func number(_ range: ClosedRange<Int64>) -> Int64? {
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard (1...3).contains(digits.count) else { return nil }
        rest = rest.dropFirst(digits.count)
        let number = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
        return range.contains(number) ? number : nil
    }

    /// `2`, `-1`, `5:30`, `+1:02:03`, in seconds.
    mutating func time(hours: Int64) -> Int64? {
        let sign: Int64 = skip("-") ? -1 : 1
        if sign > 0 { _ = skip("+") }
        guard var seconds = number(0...hours).map({ $0 * 3600 }) else { return nil }
        if skip(":") {
            guard let minutes = number(0...59) else { return nil }
            seconds += minutes * 60
            if skip(":") {
                guard let more = number(0...59) else { return nil }
                seconds += more
            }
        }
        return sign * seconds
    }

    /// `,M3.5.0/2`, `,J60`, `,59/-1`
    mutating func change() -> YearlyChange? {
        guard skip(","), let day = day() else { return nil }
        guard skip("/") else { return YearlyChange(day: day, time: 7200) }
        return time(hours: 167).map { YearlyChange(day: day, time: $0) }
    }

    private mutating func day() -> YearlyChange.Day? {
        if skip("J") { return number(1...365).map { .withoutLeapDay($0) } }
        guard skip("M") else { return number(0...365).map { .ofYear($0) } }
        guard let month = number(1...12), skip("."), let week = number(1...5), skip("."), let weekday = number(0...6)
        else { return nil }
        return .weekday(weekday, week: week, month: month)
    }
}
