package import DataStudio

/// How a step's dealings with the server ended.
package enum StepSettlement: Hashable, Sendable {
    /// The job reached a final state.
    case finished(Job)
    /// The start, or a later request about the job, failed for good.
    case failed(StepFailure)
}
