import DataStudio

/// A request under way, with all its tries.
struct Exchange {
    enum Use {
        case start(NodeID)
        case list(ListCursor, pageSize: Int)
        case job(JobID)
        case query(QueryID)
        /// The first thing a server is asked: whose the key is, and what time it is there.
        case greeting
        /// A page of the list that is read before starts leave, by a look that began at that time.
        case survey(ListCursor)
        /// A page of the list in which the start in doubt is looked for, of the step that holds the gate.
        case doubt(NodeID, ListCursor)
        /// The job that is in a start's way.
        case predecessor(NodeID)
    }

    let use: Use
    let request: StudioRequest
    /// Since its first failure.
    var backoff: Backoff?
    /// What the server said when it refused the key: it is read anew once.
    var keyRefusal: String?
    /// Between two tries.
    var isWaiting = false

    var isGreeting: Bool { if case .greeting = use { true } else { false } }

    /// True for what is only asked to be better prepared for a doubt.
    var isPreparation: Bool {
        switch use {
        case .greeting, .survey: true
        case .start, .list, .job, .query, .doubt, .predecessor: false
        }
    }

    var purpose: ErrorPolicy.Purpose {
        if request.operation.isStart { return .start }
        switch use {
        case .start: return .start
        case .list, .job, .predecessor: return .watch
        case .query, .greeting, .survey, .doubt: return .question
        }
    }
}
