package import DataStudio

/// The answer to a ``Query``.
package enum Answer: Sendable {
    /// The job asked for; `nil` when the label has none yet.
    case job(Job?)
    /// The server cancelled the job, or said why it did not.
    case cancelled(Bool, reason: String)
    case failed(StepFailure)
}
