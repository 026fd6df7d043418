package import DataStudio

/// How long a step took once.
package struct PastStep: Hashable, Sendable {
    /// When its job began, by the server's clock.
    package let started: Timestamp
    /// How long it ran.
    package let duration: Duration
    /// How it ended.
    package let state: JobState
}
