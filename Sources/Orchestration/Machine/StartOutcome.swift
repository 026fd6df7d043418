package import DataStudio

/// How the one request that starts a workflow ended.
package enum StartOutcome: Sendable {
    case accepted(JobID)
    /// It was certainly not executed.
    case failed(StepFailure)
    /// It was not sent: nobody wanted it any more.
    case withdrawn
    /// It may have been executed; it must never be sent again.
    case doubtful(String)
}
