/// What a job is doing. The server's own names are mapped by the API description.
package enum JobState: String, CaseIterable, Hashable, Sendable {
    case queued = "QUEUED"
    case running = "RUNNING"
    case completed = "COMPLETED"
    case failed = "FAILED"
    case cancelled = "CANCELLED"
    /// A name the API description does not list: not finished, and never success.
    case unknown = "UNKNOWN"

    /// True if the job will not change any more.
    package var isFinal: Bool {
        switch self {
        case .completed, .failed, .cancelled: true
        case .queued, .running, .unknown: false
        }
    }
}
