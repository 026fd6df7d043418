package import DataStudio

/// Which jobs a script wants to see.
package struct JobFilter: Hashable, Sendable {
    /// Of this workflow.
    package var label: String?
    /// In this state, in our terms.
    package var state: JobState?
    /// Created since then, by the server's clock.
    package var since: Timestamp?
    /// How many at most, the newest ones.
    package var limit = 100

    func admits(_ job: Job) -> Bool {
        (label == nil || job.label == label) && (state == nil || job.state == state)
            && (since.map { since in (job.created ?? job.started).map { $0 >= since } ?? true } ?? true)
    }
}
