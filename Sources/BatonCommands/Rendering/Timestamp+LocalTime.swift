import BatonHost
import DataStudio

extension Timestamp {
    /// `2026-03-01 04:05:06` in the process's time zone.
    var localTime: String { ZoneRules.people.time(at: self) }

    /// The same with the zone, as `2026-03-01 04:05:06 CET`.
    var localDate: String { ZoneRules.people.date(at: self) }

    /// How far the process's time zone is ahead of UTC then.
    var secondsFromUTC: Int64 { ZoneRules.people.offset(at: seconds).seconds }

    /// Reads `22:00`, the next one from now on, or `2026-12-25 22:00`; `nil` for anything else.
    init?(localTime text: String, now: Timestamp = .now, in zone: ZoneRules = .people) {
        guard let match = text.wholeMatch(of: /(?:(\d{4})-(\d\d)-(\d\d)[ T])?(\d\d?):(\d\d)/),
            let hour = Int64(match.4), let minute = Int64(match.5), hour < 24, minute < 60
        else { return nil }
        func instant(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
            zone.instant(
                ofLocal: CivilTime.seconds(year: year, month: month, day: day, hour: hour, minute: minute))
        }
        let time: Int64
        if let year = match.1.flatMap({ Int64($0) }), let month = match.2.flatMap({ Int64($0) }),
            let day = match.3.flatMap({ Int64($0) })
        {
            let date = CivilTime(seconds: CivilTime.seconds(year: year, month: month, day: day))
            guard (date.month, date.day) == (month, day) else { return nil }
            time = instant(year, month, day)
        } else {
            let today = zone.civilTime(at: now.seconds)
            let next = instant(today.year, today.month, today.day)
            time = next < now.seconds ? instant(today.year, today.month, today.day + 1) : next
        }
        self.init(milliseconds: time * 1000)
    }
}
