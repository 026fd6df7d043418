import LuaVM

/// The number of a group.
struct GroupID: Hashable {
    let number: Int
}

/// Nodes that somebody waits for together, some of which may not have begun.
///
/// An object, so that a change of one of ten thousand slots copies nothing.
final class Group {
    enum Completion {
        /// Answers the call that waits.
        case resume(LuaToken)
        /// Answers it with whether it went well, then the values, or the error and whether a job may be running.
        case attempt(LuaToken)
        /// Begins the block of a lock, which answers the call.
        indirect case block(LuaToken, LuaReference, LockRequest)
        /// Concludes a chain.
        case conclude(NodeID)
    }

    enum Shape {
        /// One node, whose values are the answer.
        case single
        /// All nodes; the answer is their list.
        case list
        /// The first to end: its position and value.
        case any
        /// One node that was told to stop; the answer is whether its jobs stopped too.
        case cancellation
    }

    enum Slot {
        case waiting
        case node(NodeID)
        case done(Outcome)
        /// Left out by the script.
        case absent
    }

    let completion: Completion
    let shape: Shape
    /// Who owns what the group begins.
    let owner: NodeID
    let key: String
    let location: LuaLocation?
    /// What messages call it.
    var title: String
    var items: [Item]
    var limit = Int.max
    var onFailure = FailurePolicy.finish

    var slots: [Slot]
    /// The first item that has not begun.
    var next = 0
    /// Items that were begun and have not ended.
    var running = 0
    /// Those of them whose steps a retry starts again as soon as the limit allows it, by their positions.
    var postponed: Set<Int> = []
    /// Handles that have not ended: the limit is not about them.
    var awaited = 0
    /// The nodes, also when they have ended.
    var members: [(position: Int, node: NodeID)] = []
    /// True until every handle is waited for.
    var isBeginning = true
    var isFailing = false
    var timer: TimerID?
    /// For the time-out of a block: the node is stopped. For that of a `wait` it goes on.
    var stopsOnTimeout = false
    var timedOutAfter: Duration?
    /// What the script calls the moment at which its time is up; `nil` for a duration.
    var deadline: String?

    init(
        _ completion: Completion, _ shape: Shape, owner: NodeID, key: String, location: LuaLocation?, title: String,
        items: [Item]
    ) {
        self.completion = completion
        self.shape = shape
        self.owner = owner
        self.key = key
        self.location = location
        self.title = title
        self.items = items
        slots = Array(repeating: .waiting, count: items.count)
    }

    /// True for the items of a `chain`.
    var isChain: Bool { if case .conclude = completion { true } else { false } }

    /// True if its items may begin in another order than theirs, as a log of which an end counts no more may have it: no item
    /// of it depends on the ones before.
    var beginsInAnyOrder: Bool { !isChain || onFailure == .continue }

    /// True if the limit allows one more item.
    var hasRoom: Bool { running - postponed.count < limit }

    /// True if nothing runs and nothing more will begin.
    var isDone: Bool { !isBeginning && running == 0 && awaited == 0 && (next == items.count || isFailing) }
}
