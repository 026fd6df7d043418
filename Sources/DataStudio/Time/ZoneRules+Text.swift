/// Times as people read them.
extension ZoneRules {
    /// `2026-03-01 04:05:06`
    package func time(at instant: Timestamp) -> String {
        let time = civilTime(at: instant.seconds)
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(time.year)-\(two(time.month))-\(two(time.day)) "
            + "\(two(time.hour)):\(two(time.minute)):\(two(time.second))"
    }

    /// The same with the zone, as `2026-03-01 04:05:06 CET`.
    package func date(at instant: Timestamp) -> String {
        let zone = offset(at: instant.seconds).abbreviation
        return zone.isEmpty ? time(at: instant) : "\(time(at: instant)) \(zone)"
    }
}
