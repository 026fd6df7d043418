import DataStudio

/// How far the clock that stamps a server's jobs is ahead of the clock of its `Date` header: learned from jobs of ours.
///
/// They may be two clocks: a database or another machine stamps, a proxy sends the header, stamps have no zone. What is
/// learned here only ever makes a person be asked; no start is taken for void because of it.
package struct StampClock: Hashable, Sendable {
    /// By how much stamps may be ahead of `Date`, as far as all samples agree; `nil`: there is none.
    package private(set) var offset: ClosedRange<Duration>?
    /// How many jobs have told.
    package private(set) var samples = 0
    /// True if samples contradict each other: a clock was set, or several machines stamp. ``offset`` holds all of them then.
    package private(set) var isMany = false

    /// So many samples make it known.
    private static let enough = 3
    /// The header tells whole seconds.
    private static let dateMargin = Duration.seconds(1)

    /// A clock that is not known.
    package init() {}

    /// A clock as it was kept.
    package init(offset: ClosedRange<Duration>?, samples: Int, isMany: Bool) {
        self.offset = offset
        self.samples = samples
        self.isMany = isMany
    }

    /// True if enough jobs have told, and agree.
    package var isKnown: Bool { samples >= Self.enough && !isMany }

    /// A job of ours was made at that stamp, and its start was sent and answered at these times of the header.
    mutating func learn(_ created: ClosedRange<Timestamp>, sent: Timestamp, answered: Timestamp) {
        let from = created.lowerBound - answered - Self.dateMargin
        let sample = from...max(from, created.upperBound - sent + Self.dateMargin)
        samples = min(samples + 1, 1000)
        take(sample)
    }

    private mutating func take(_ sample: ClosedRange<Duration>) {
        guard let known = offset else {
            offset = sample
            return
        }
        if !isMany, known.overlaps(sample) {
            offset = known.clamped(to: sample)
            return
        }
        isMany = true
        offset = min(known.lowerBound, sample.lowerBound)...max(known.upperBound, sample.upperBound)
    }

    /// The stamps that a job may have that was made between these times of the header.
    func stamps(_ from: Timestamp, _ to: Timestamp) -> ClosedRange<Timestamp>? {
        guard isKnown, let offset else { return nil }
        let first = from + offset.lowerBound + (.zero - Self.dateMargin)
        return first...max(first, to + offset.upperBound + Self.dateMargin)
    }

    /// Takes what another process has learned of the same server.
    package mutating func merge(_ other: StampClock) {
        guard self != other, let sample = other.offset else { return }
        isMany = isMany || other.isMany
        take(sample)
        samples = max(samples, other.samples)
    }
}
