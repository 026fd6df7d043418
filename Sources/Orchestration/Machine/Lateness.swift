import DataStudio

/// What a job does for longer than its step allows: it is told at once, and is a broken check at the end.
package enum Lateness: Hashable, Sendable {
    /// It runs for longer than `max`.
    case running(Duration)
    /// It is queued for longer than `queue_max`.
    case queued(Duration)

    /// The option that says how long it may.
    package var option: String {
        switch self {
        case .running: "max"
        case .queued: "queue_max"
        }
    }

    /// How long it may.
    package var limit: Duration {
        switch self {
        case .running(let limit), .queued(let limit): limit
        }
    }

    /// For people, behind the step's title.
    package var words: String {
        switch self {
        case .running: "LATE, it takes longer than its max of \(limit.short)"
        case .queued: "LATE, it is queued for longer than its queue_max of \(limit.short)"
        }
    }
}
