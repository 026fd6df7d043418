package import DataStudio

/// The waits between tries of one request: doubling, with jitter, until the patience is used up.
package struct Backoff: Sendable {
    private let patience: Duration
    private var began: Duration
    private var next = Duration.milliseconds(200)

    /// The longest wait between two tries that is our own choice.
    private static let longest = Duration.seconds(15)
    /// A server that wants us to wait longer is not believed.
    package static let longestWish = Duration.seconds(3600)

    /// A row of failures that begins now.
    package init(patience: Duration, at now: Duration) {
        self.patience = patience
        began = now
    }

    /// Since the first failure of the row.
    package func elapsed(at now: Duration) -> Duration { now - began }

    /// So much of the time since the first failure was not the server's: it does not count.
    package mutating func postpone(by time: Duration) { began += time }

    /// How long to wait before the next try.
    ///
    /// - Parameters:
    ///   - now: when the last try failed.
    ///   - wish: how long the server wants us to wait: obeyed even beyond the patience, up to ``longestWish``.
    ///   - limit: of this kind of failure, where it is shorter than the patience.
    /// - Returns: `nil` when the patience is used up.
    package mutating func delay(
        at now: Duration, atLeast wish: Duration? = nil, limit: Duration? = nil, _ random: inout SplitMix
    ) -> Duration? {
        let patience = min(patience, limit ?? patience)
        let elapsed = now - began
        guard elapsed < patience else { return nil }
        let delay = min(next * Double.random(in: 0.75...1.25, using: &random), patience - elapsed)
        next = min(next * 2, Self.longest)
        return max(delay, min(wish ?? .zero, Self.longestWish))
    }
}
