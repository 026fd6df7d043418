/// How far the clocks of a zone are ahead of UTC.
package struct ZoneOffset: Hashable, Sendable {
    /// Negative west of Greenwich.
    package let seconds: Int64
    /// True if the zone's data calls this summer time. In Ireland and Morocco it is the winter that differs from the
    /// standard, with clocks set back.
    package let isSummer: Bool
    /// As `CET`; of zones without a name `+0545`.
    package let abbreviation: String

    static let utc = ZoneOffset(seconds: 0, isSummer: false, abbreviation: "UTC")

    /// As ``utc``, by the name that the C library gives to times that were asked for in UTC.
    package static let universal = ZoneOffset(seconds: 0, isSummer: false, abbreviation: "GMT")
}

/// The time from one change of a zone's clocks to the next.
package struct ZonePeriod: Hashable, Sendable {
    /// In seconds since 1970 UTC; `Int64.min` if there was no change before.
    package let start: Int64
    /// The instant that is the first of the next period; `Int64.max` if there is none.
    package let end: Int64
    /// What holds throughout.
    package let offset: ZoneOffset
}
