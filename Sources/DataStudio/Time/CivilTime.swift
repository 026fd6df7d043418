/// A date of the Gregorian calendar and a time of the day, as a clock shows them. It names no zone.
package struct CivilTime: Hashable, Sendable {
    /// 0 is the year before 1.
    package let year: Int64
    /// From 1 on.
    package let month: Int64
    /// Of the month, from 1 on.
    package let day: Int64
    /// From 0 to 23.
    package let hour: Int64
    /// From 0 to 59.
    package let minute: Int64
    /// From 0 to 59: no clock here knows leap seconds.
    package let second: Int64
    /// From Sunday, 0, on.
    package let weekday: Int64
    /// From 1 January, 0, on.
    package let dayOfYear: Int64

    /// What a clock shows that many seconds after it showed midnight of 1970-01-01.
    package init(seconds: Int64) {
        let (days, time) = seconds.dividedDown(by: 86_400)
        (year, month, day) = Timestamp.civil(days)
        (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60)
        // 1970 began on a Thursday.
        weekday = (days + 4).dividedDown(by: 7).remainder
        dayOfYear = days - Timestamp.days(year, 1, 1)
    }

    /// The inverse: seconds since a clock showed midnight of 1970-01-01.
    ///
    /// Any numbers of up to ten digits will do: the 0th of March is the last day of February, the 13th month January of the
    /// next year.
    package static func seconds(
        year: Int64, month: Int64, day: Int64, hour: Int64 = 0, minute: Int64 = 0, second: Int64 = 0
    ) -> Int64 {
        let (years, months) = (month - 1).dividedDown(by: 12)
        let days = Timestamp.days(year + years, months + 1, 1) + day - 1
        return days * 86_400 + hour * 3600 + minute * 60 + second
    }

    /// Days since 1970-01-01; `nil` for what is no date from the year 1 on, such as 30 February.
    package static func day(year: Int64, month: Int64, day: Int64) -> Int64? {
        guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        let seconds = seconds(year: year, month: month, day: day)
        return CivilTime(seconds: seconds).day == day ? seconds / 86_400 : nil
    }

    /// Days since 1970-01-01 of a date as `2026-12-25`; `nil` for any other text.
    package static func day(_ date: String) -> Int64? {
        let parts = date.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2], parts.allSatisfy({ $0.allSatisfy { (48...57).contains($0) } }) else {
            return nil
        }
        let numbers = parts.compactMap { Int64(String($0) ?? "") }
        return day(year: numbers[0], month: numbers[1], day: numbers[2])
    }
}

extension Int64 {
    /// The quotient rounded down, and a remainder from 0 on.
    func dividedDown(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
