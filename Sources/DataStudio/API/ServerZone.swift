import Foundation

/// The time zone of a server that writes local times without saying so.
package struct ServerZone: Hashable, Sendable {
    /// As it was written: the name of a zone, `Europe/London`, or an offset, `-05:00`.
    package let name: String
    private let zone: TimeZone

    /// A zone by its name in the IANA time zone database, or by its offset from UTC: `UTC`, `+01:00`, `-0500`.
    ///
    /// - Returns: `nil` if there is none of that name on this machine.
    package init?(_ name: String) {
        let digits = name.dropFirst().filter { $0 != ":" }
        if let sign = name.first, sign == "+" || sign == "-", digits.count == 4, let number = Int(digits),
            number % 100 < 60,
            let zone = TimeZone(secondsFromGMT: (number / 100 * 60 + number % 100) * (sign == "-" ? -60 : 60))
        {
            self.zone = zone
        } else if let zone = TimeZone(identifier: name) {
            self.zone = zone
        } else {
            return nil
        }
        self.name = name
    }

    /// The instant of a local time that was read as if it were UTC. Of an hour that comes twice in autumn, the first.
    func instant(ofLocal time: Timestamp) -> Timestamp {
        func offset(at time: Timestamp) -> Duration {
            .seconds(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time.milliseconds) / 1000)))
        }
        // The offset that holds a day earlier, if it is right for the instant that follows from it: else the one after
        // the change.
        let before = time + (.zero - offset(at: time + .seconds(-86_400)))
        if before + offset(at: before) == time { return before }
        return time + (.zero - offset(at: time + .seconds(86_400)))
    }
}
