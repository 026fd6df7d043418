package import DataStudio

/// A change of one step.
package struct StepEvent: Sendable {
    /// What can happen to a step.
    package enum Change: Sendable {
        case starting
        /// It is not sent yet, for this reason.
        case waiting(String)
        /// Its job is known, which has been there since then: one that was looked for is older than that.
        case accepted(JobID, since: Timestamp)
        /// The server's own name of the state.
        case state(JobState, name: String)
        /// `max` or `queue_max` has passed, and the job still runs or is still queued.
        case late(Lateness)
        case warning(String)
        /// Its job FAILED, as the message says; it is started again after the delay, for the time of that number.
        case retrying(String, after: Duration, Int)
        indirect case ended(StepEnd)
    }

    /// The step as it is after the change.
    package let step: StepDescription
    /// What happened to it.
    package let change: Change
}
