/// A time as a server wrote it: an instant, how finely it is told, and whether it says of which zone.
package struct WrittenTime: Hashable, Sendable {
    /// The instant; without a zone, as if it were UTC.
    package var instant: Timestamp
    /// The unit in which it is told: a millisecond to a day.
    package var precision: Duration
    /// False for a local time of a zone that is not told.
    package var hasZone: Bool

    /// A time that is told in that unit.
    package init(_ instant: Timestamp, precision: Duration, hasZone: Bool) {
        self.instant = instant
        self.precision = precision
        self.hasZone = hasZone
    }

    /// The instants it may stand for: servers cut off what is finer than the unit, or round to it.
    package var range: ClosedRange<Timestamp> {
        guard precision > .milliseconds(1) else { return instant...instant }
        return instant + (.zero - precision / 2)...instant + precision
    }
}
