/// The ways a run can end or be left.
package enum RunStatus: String, CaseIterable, Sendable {
    case succeeded
    /// The script found that there was nothing to do.
    case skipped
    /// A job failed, was cancelled or refused, or the script raised.
    case failed
    /// Only checks failed.
    case check
    case timeout
    /// Somebody cancelled the run.
    case cancelled
    /// The key was refused.
    case auth
    case unreachable
    /// A person has to say what became of a start.
    case ambiguous
    /// A person has said what became of the starts in doubt, and nobody has gone on with it yet.
    case resolved
    /// Its process died three times without getting any further.
    case stuck
    /// It was left where it was: a signal came.
    case detached
    /// The script does something else than its log has.
    case nondeterministic
    /// The journal cannot be written: nothing that followed can be trusted to be kept.
    case untrusted

    /// True if the run is not over: it can be gone on with, and has no last record.
    package var isInterruption: Bool {
        switch self {
        case .auth, .unreachable, .ambiguous, .resolved, .stuck, .detached, .nondeterministic, .untrusted: true
        case .succeeded, .skipped, .failed, .check, .timeout, .cancelled: false
        }
    }
}

extension RunStatus {
    /// The status of a run that an error of that kind ended.
    package init(_ kind: ErrorKind) {
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
