/// A time as a server wrote it: an instant, its precision, and whether its zone is known.
package struct WrittenTime: Hashable, Sendable {
    /// The instant; without a zone, as if it were UTC.
    package var instant: Timestamp
    /// The unit in which it is written: a millisecond to a day.
    package var precision: Duration
    /// False for a local time of an unknown zone.
    package var hasZone: Bool

    /// A time that is written in that unit.
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
