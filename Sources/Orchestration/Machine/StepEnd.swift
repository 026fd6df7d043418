/// How a step ended.
package enum StepEnd: Sendable {
    case succeeded(StepResult)
    /// A person has approved it.
    case approved(Decision)
    /// It holds its lock.
    case locked
    case failed(kind: ErrorKind, message: String, duration: Duration?)
    /// Its start was certainly not executed.
    case notStarted
    /// It is not watched any more, and its job goes on.
    case leftRunning
    /// Whether it was started is not known.
    case doubtful(String)
}
