/// An instant, in milliseconds since 1970-01-01T00:00:00Z.
///
/// Servers, scripts, files and journals give any number: what is farther away than 275 000 years is taken for that, so that
/// no arithmetic overflows.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Since 1970-01-01T00:00:00Z; negative before it.
    package let milliseconds: Int64

    /// The range of ECMAScript's dates.
    private static let most: Int64 = 8_640_000_000_000_000

    /// An instant that many milliseconds after 1970-01-01T00:00:00Z.
    package init(milliseconds: Int64) {
        self.milliseconds = min(max(milliseconds, -Self.most), Self.most)
    }

    /// The earlier instant is the smaller one.
    package static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }

    /// The instant that much later; parts of a millisecond are dropped.
    package static func + (instant: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(milliseconds: instant.milliseconds + duration.milliseconds)
    }

    /// From `a` to `b`; negative if `b` is earlier.
    package static func - (b: Timestamp, a: Timestamp) -> Duration {
        .milliseconds(b.milliseconds - a.milliseconds)
    }

    /// Whole seconds since 1970, rounded down.
    package var seconds: Int64 { milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000 }
}

extension Duration {
    /// Whole milliseconds, rounded towards zero; 30 million years at most.
    package var milliseconds: Int64 {
        let seconds = min(max(components.seconds, -1_000_000_000_000_000), 1_000_000_000_000_000)
        return seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }

    /// Seconds with their fraction.
    package var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
