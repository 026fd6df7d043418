package import DataStudio

/// What a listing says of a start in doubt.
package enum DoubtVerdict: Hashable, Sendable {
    /// It did certainly not happen.
    case void(String)
    /// This is its job.
    case adopt(Job, evidence: String)
    /// Only a person can tell.
    case ambiguous(Ambiguity)
}
