/// When the clocks of a time zone showed what, and will.
///
/// The rules are a value: whoever holds them tells the time in that zone, whatever other zones the process deals with and
/// whatever its own is.
package struct ZoneRules: Hashable, Sendable {
    /// What the zone was asked for by: a name of the database as `Europe/London`, a path, or the rule itself.
    package let name: String
    /// The version of the database that the rules are from, as `2025b`; `nil` if it is unknown, the name is the rule, or
    /// clocks were never changed.
    package let version: String?
    /// The offset until the first change.
    private let first: ZoneOffset
    /// The instants of the changes, ascending, in seconds since 1970 UTC.
    private let changes: [Int64]
    /// For each change, the place in ``offsets`` of what holds from then on.
    private let indices: [UInt8]
    private let offsets: [ZoneOffset]
    /// What holds after the last of the changes; `nil`: what that change brought.
    private let later: YearlyRule?

    /// Coordinated universal time.
    package static let utc = ZoneRules(name: "UTC", rule: .utc)

    /// A zone that needs no database.
    ///
    /// - Parameter rule: as POSIX has it in `TZ`: `CET-1CEST,M3.5.0,M10.5.0/3`.
    /// - Returns: `nil` if it is none.
    package init?(rule: String) {
        guard let parsed = YearlyRule(rule) else { return nil }
        self.init(name: rule, rule: parsed)
    }

    private init(name: String, rule: YearlyRule) {
        self.init(
            name: name, version: nil, first: rule.standard, changes: [], indices: [], offsets: [], later: rule)
    }

    /// Those by another name.
    package func named(_ name: String) -> ZoneRules {
        ZoneRules(
            name: name, version: version, first: first, changes: changes, indices: indices, offsets: offsets,
            later: later)
    }

    /// - Parameters:
    ///   - changes: ascending.
    ///   - indices: one for each change, of places in `offsets`.
    init(
        name: String, version: String?, first: ZoneOffset, changes: [Int64], indices: [UInt8], offsets: [ZoneOffset],
        later: YearlyRule?
    ) {
        self.name = name
        self.version = version
        self.first = first
        self.changes = changes
        self.indices = indices
        self.offsets = offsets
        self.later = later
    }

    /// The offset at an instant, in seconds since 1970 UTC.
    package func offset(at instant: Int64) -> ZoneOffset { period(at: instant).offset }

    /// What clocks show at an instant, in seconds since 1970 UTC.
    package func civilTime(at instant: Int64) -> CivilTime {
        CivilTime(seconds: instant + offset(at: instant).seconds)
    }

    /// The time between two changes in which an instant lies, in seconds since 1970 UTC.
    ///
    /// The offsets of two periods that follow each other may be the same.
    package func period(at instant: Int64) -> ZonePeriod {
        // The number of changes up to then.
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle] <= instant { low = middle + 1 } else { high = middle }
        }
        let start = low > 0 ? changes[low - 1] : .min
        if low == changes.count, let later {
            let period = later.period(at: instant)
            return ZonePeriod(start: max(start, period.start), end: period.end, offset: period.offset)
        }
        return ZonePeriod(
            start: start, end: low < changes.count ? changes[low] : .max,
            offset: low > 0 ? offsets[Int(indices[low - 1])] : first)
    }
}
