import BatonHost
import DataStudio
import Glibc

extension Timestamp {
    /// `2026-03-01 04:05:06` in the process's time zone.
    var localTime: String { local.text }

    /// The same with the zone, as `2026-03-01 04:05:06 CET`.
    var localDate: String { local.zone.isEmpty ? local.text : "\(local.text) \(local.zone)" }

    /// How far the process's time zone is ahead of UTC then.
    var secondsFromUTC: Int64 {
        var seconds = time_t(self.seconds)
        var fields = tm()
        localtime_r(&seconds, &fields)
        return Int64(fields.tm_gmtoff)
    }

    /// Reads `22:00`, the next one from now on, or `2026-12-25 22:00`, in the process's time zone; `nil` for anything else.
    init?(localTime text: String, now: Timestamp = .now) {
        guard let match = text.wholeMatch(of: /(?:(\d{4})-(\d\d)-(\d\d)[ T])?(\d\d?):(\d\d)/),
            let hour = Int32(match.4),
            let minute = Int32(match.5), hour < 24, minute < 60
        else { return nil }
        var seconds = time_t(now.seconds)
        var fields = tm()
        localtime_r(&seconds, &fields)
        if let year = match.1.flatMap({ Int32($0) }), let month = match.2.flatMap({ Int32($0) }),
            let day = match.3.flatMap({ Int32($0) })
        {
            guard (1...12).contains(month), (1...31).contains(day) else { return nil }
            (fields.tm_year, fields.tm_mon, fields.tm_mday) = (year - 1900, month - 1, day)
        }
        (fields.tm_hour, fields.tm_min, fields.tm_sec, fields.tm_isdst) = (hour, minute, 0, -1)
        let date = fields
        var time = mktime(&fields)
        if match.1 == nil, Int64(time) < now.seconds {
            fields = date
            fields.tm_mday += 1
            time = mktime(&fields)
        } else if match.1 != nil, fields.tm_mday != date.tm_mday {
            return nil
        }
        self.init(milliseconds: Int64(time) * 1000)
    }

    private var local: (text: String, zone: String) {
        var seconds = time_t(self.seconds)
        var fields = tm()
        localtime_r(&seconds, &fields)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let text =
            "\(fields.tm_year + 1900)-\(two(fields.tm_mon + 1))-\(two(fields.tm_mday)) "
            + "\(two(fields.tm_hour)):\(two(fields.tm_min)):\(two(fields.tm_sec))"
        return (text, fields.tm_zone.map { String(cString: $0) } ?? "")
    }
}
