/// The ways a run can end.
package enum RunStatus: String, CaseIterable, Sendable {
    case succeeded
    /// A job failed, was cancelled or refused, or the script raised.
    case failed
    /// Only checks failed.
    case check
    case timeout
    /// The key was refused.
    case auth
    case unreachable
    /// A person has to say what became of a start.
    case ambiguous
    /// It was left where it was: a signal came.
    case detached
}

extension RunStatus {
    /// The status of a run that an error of that kind ended.
    init(_ kind: ErrorKind) {
        self =
            switch kind {
            case .auth: .auth
            case .unreachable: .unreachable
            case .timeout: .timeout
            case .check: .check
            case .failed, .cancelled, .rejected, .unsupported, .protocol, .limit, .script: .failed
            }
    }
}
