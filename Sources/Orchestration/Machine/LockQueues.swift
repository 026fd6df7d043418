import DequeModule

/// The blocks of a run that hold locks, and the questions of those that want to: of each name, one is on its way at a time.
struct LockQueues {
    /// A block that has begun.
    struct Block {
        let request: LockRequest
        /// False from a retry on until it holds it again: nothing starts in it until then.
        var isHeld = true
        /// Why it cannot hold it again.
        var failure: StepFailure?
    }

    /// The blocks that go on, by their tasks.
    var blocks: [NodeID: Block] = [:]
    /// Steps that start when the blocks around them hold their locks again.
    var starts: Set<NodeID> = []
    private(set) var waiting: [String: Deque<QueryID>] = [:]
    private(set) var sent: Set<QueryID> = []
    /// True if a block has ever wanted to hold something.
    private(set) var isUsed = false
    /// How many questions there are.
    private(set) var count = 0

    /// How many of them wait for blocks of the run itself, or behind each other.
    var heldBack: Int { count - sent.count }

    mutating func add(_ query: QueryID, for name: String, isFirst: Bool) {
        count += 1
        isUsed = true
        if isFirst { waiting[name, default: []].prepend(query) } else { waiting[name, default: []].append(query) }
    }

    mutating func remove(_ query: QueryID, of name: String) {
        sent.remove(query)
        guard let place = waiting[name]?.firstIndex(of: query) else { return }
        count -= 1
        waiting[name]?.remove(at: place)
        if waiting[name]?.isEmpty == true { waiting[name] = nil }
    }

    /// The next question about a name that may leave, as no block of the run itself is in its way.
    mutating func next(of name: String, _ request: (QueryID) -> LockRequest?) -> QueryID? {
        guard let query = waiting[name]?.first, !sent.contains(query), let wanted = request(query) else { return nil }
        let held = blocks.values.filter { $0.isHeld && $0.request.name == name }
        guard held.count < min(wanted.size, held.map(\.request.size).min() ?? .max) else { return nil }
        sent.insert(query)
        return query
    }
}
