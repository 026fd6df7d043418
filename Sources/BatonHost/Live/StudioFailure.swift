import Orchestration

/// Why something could not be read.
enum StudioFailure: Error, Sendable {
    /// The server refused the request: 400, 404, 409, 422.
    case rejected(status: Int, message: String)
    case failed(StepFailure)
}
