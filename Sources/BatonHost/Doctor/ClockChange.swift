import Foundation

/// A night in which the clock of a time zone changes.
struct ClockChange: Equatable {
    /// The day, as 2027-03-28.
    let day: String
    /// What the clock shows before and after it, in minutes of the day.
    let from: Int
    let to: Int

    /// True if the clock goes forwards: times of the day between both do not exist.
    var isForwards: Bool { to > from }

    /// True if that minute of the day does not exist on it, or comes twice.
    func touches(_ minute: Int) -> Bool { (min(from, to)..<max(from, to)).contains(minute) }

    /// The changes of the next year, the first one first.
    static func next(in zone: TimeZone, after now: Date) -> [ClockChange] {
        var changes: [ClockChange] = []
        var last = now
        while let change = zone.nextDaylightSavingTimeTransition(after: last), change < now + 366 * 86_400 {
            func minute(_ seconds: Int) -> Int {
                let time = (Int(change.timeIntervalSince1970) + seconds) % 86_400
                return (time + 86_400) % 86_400 / 60
            }
            let before = zone.secondsFromGMT(for: change - 1)
            let style = Date.ISO8601FormatStyle(timeZone: zone).year().month().day()
            changes.append(
                ClockChange(
                    day: (change - 1).formatted(style), from: minute(before),
                    to: minute(zone.secondsFromGMT(for: change))))
            last = change
        }
        return changes
    }
}

/// A minute of the day, as 01:30.
func clockText(_ minute: Int) -> String {
    let (hour, rest) = minute.quotientAndRemainder(dividingBy: 60)
    return "\(hour < 10 ? "0" : "")\(hour):\(rest < 10 ? "0" : "")\(rest)"
}
