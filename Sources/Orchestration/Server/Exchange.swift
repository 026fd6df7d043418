import DataStudio

/// A request under way, with all its tries.
struct Exchange {
    enum Use {
        case start(NodeID)
        case list(ListCursor, pageSize: Int)
        case job(JobID)
        case query(QueryID)
    }

    let use: Use
    let request: StudioRequest
    /// Since its first failure.
    var backoff: Backoff?
    /// What the server said when it refused the key: it is read anew once.
    var keyRefusal: String?
    /// Between two tries.
    var isWaiting = false
    /// Nobody wants it any more: no other try.
    var isWithdrawn = false

    var purpose: ErrorPolicy.Purpose {
        if request.operation.isStart { return .start }
        switch use {
        case .start: return .start
        case .list, .job: return .watch
        case .query: return .question
        }
    }
}
