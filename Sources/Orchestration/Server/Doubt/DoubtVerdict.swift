package import DataStudio

/// What a listing says of a start in doubt.
package enum DoubtVerdict: Hashable, Sendable {
    /// It did certainly not happen.
    case void(String)
    /// This is its job.
    case adopt(JobIdentity, evidence: String)
    /// Only a person can tell.
    case ambiguous(Ambiguity)
}

extension DoubtVerdict {
    /// What is written down of it.
    ///
    /// - Parameter serverTime: the server's clock when it was found out.
    package func body(serverTime: Timestamp?) -> RecordBody {
        switch self {
        case .void(let reason): .void(reason: reason)
        case .adopt(let job, let evidence): .accepted(Acceptance(adopting: job, evidence, serverTime: serverTime))
        case .ambiguous(let ambiguity): .ambiguous(ambiguity)
        }
    }
}
