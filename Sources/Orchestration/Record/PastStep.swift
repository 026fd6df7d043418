package import DataStudio

/// How long a step took once.
package struct PastStep: Hashable, Sendable {
    /// When its job began, by the server's clock.
    package let started: Timestamp
    /// How long it ran.
    package let duration: Duration
    /// How it ended.
    package let state: JobState

    /// A step of that name that has ended.
    package init(started: Timestamp, duration: Duration, state: JobState) {
        self.started = started
        self.duration = duration
        self.state = state
    }

    /// How long steps like these usually take: the median of those that completed; `nil` if none did.
    package static func usual(of steps: [PastStep]) -> Duration? {
        let durations = steps.filter { $0.state == .completed }.map(\.duration).sorted()
        return durations.isEmpty ? nil : durations[durations.count / 2]
    }
}
