package import DataStudio

/// When something happened, by both clocks.
package struct Instant: Hashable, Sendable {
    /// What people call the time. It may be set, forwards and backwards.
    package var wallClock: Timestamp
    /// By a clock that is never set, since the process took up the run.
    package var elapsed: Duration

    /// An instant by both clocks.
    package init(wallClock: Timestamp, elapsed: Duration) {
        self.wallClock = wallClock
        self.elapsed = elapsed
    }
}
