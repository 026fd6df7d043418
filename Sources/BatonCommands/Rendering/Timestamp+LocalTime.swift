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
