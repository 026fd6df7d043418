package import DataStudio

/// A start that was about to be sent, and of which nothing is known since.
package struct OpenAttempt: Hashable, Sendable {
    /// What was to be started.
    package var start: WorkflowStart
    /// What was known of the server then.
    package var readiness: StartReadiness
    /// When it was written down.
    package var at: Timestamp

    /// An attempt that an intent was written for.
    package init(_ start: WorkflowStart, _ readiness: StartReadiness, at: Timestamp) {
        self.start = start
        self.readiness = readiness
        self.at = at
    }
}
