/// How a start ended.
package enum StartOutcome: Sendable {
    case accepted(Acceptance)
    /// It was certainly not executed.
    case failed(StepFailure)
    /// It was not sent: nobody wanted it any more.
    case withdrawn
    /// It may have been executed, and only a person can tell.
    case ambiguous(Ambiguity)
    /// It was not sent: that run's start of the same workflow is in doubt.
    case held(by: String)
}
