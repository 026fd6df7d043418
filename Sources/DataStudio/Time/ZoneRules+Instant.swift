extension ZoneRules {
    /// The instant at which clocks show a time, in seconds since 1970 UTC.
    ///
    /// A time that clocks skip counts with the offset from before the change; of a time that they show twice, the first is
    /// meant.
    ///
    /// - Parameters:
    ///   - local: seconds since clocks showed midnight of 1970-01-01, as ``CivilTime/seconds(year:month:day:hour:minute:second:)``
    ///     gives them.
    ///   - isSummer: that summer time is meant, or standard time. Of a time that is shown twice this chooses. Where it does
    ///     not fit, the time counts with the offset of the nearest time for which it does, as the C library does it; if
    ///     there is none, summer time is an hour ahead.
    package func instant(ofLocal local: Int64, isSummer: Bool? = nil) -> Int64 {
        var period = period(at: local - Self.farthest)
        var before: ZoneOffset?
        var found: Int64?
        while true {
            let instant = local - period.offset.seconds
            if instant < period.start {
                // The period before was over already: clocks skip it.
                if found == nil, let before {
                    let fits = before.isSummer != isSummer && period.offset.isSummer == isSummer
                    return fits ? instant : local - before.seconds
                }
                break
            }
            if instant < period.end {
                if isSummer == nil || period.offset.isSummer == isSummer { return instant }
                found = found ?? instant
            }
            guard period.end <= local + Self.farthest else { break }
            before = period.offset
            period = self.period(at: period.end)
        }
        let instant = found ?? local - period.offset.seconds
        guard let isSummer else { return instant }
        if let offset = nearest(to: instant, isSummer: isSummer) { return local - offset.seconds }
        return instant + (isSummer ? -3600 : 3600)
    }

    /// In seconds: no zone is farther from UTC. POSIX has up to 25 hours.
    static let farthest: Int64 = 26 * 3600

    /// The offset of a time of that kind, looked for in steps of a week less an hour, seven years back and ahead: so the
    /// C library looks, and a script gets the same from both.
    private func nearest(to instant: Int64, isSummer: Bool) -> ZoneOffset? {
        for distance in stride(from: Int64(601_200), to: 229_222_804, by: 601_200) {
            for other in [instant - distance, instant + distance] {
                let offset = offset(at: other)
                if offset.isSummer == isSummer { return offset }
            }
        }
        return nil
    }
}
