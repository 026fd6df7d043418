import LuaVM

/// What every part of a run's tree has: a script task, a step, or a chain.
///
/// A node is over when its own work is done (`conclusion`) and all its children are over. An object, as steps are.
final class Node {
    enum Content {
        case task(LuaTaskID)
        case step
        case chain
        /// The lines of a session, one after the other.
        case session
    }

    let id: NodeID
    /// Who waits for it: `nil` for the script itself and for detached steps.
    var owner: NodeID?
    let content: Content
    /// Task path, function and occurrence.
    let key: String
    /// The line that began it.
    let location: LuaLocation?
    /// The phase it was begun in, and the phase of what it begins from now on.
    var phase: String?

    /// The options of steps begun from here, where those say nothing else.
    var defaults: StepOptions {
        get { ownDefaults ?? StepOptions() }
        set { ownDefaults = newValue }
    }
    @Apart private var ownDefaults: StepOptions?
    /// What lists begun from here do when an item fails, where they say nothing else.
    var onFailure: FailurePolicy?

    /// How many owners there are above it.
    var depth = 0
    /// How many times each function was called here: the occurrence in keys.
    var occurrences: [String: Int] = [:]
    var openChildren: Set<NodeID> = []
    /// How many children there are in the tree, also those that have ended.
    var keptChildren = 0
    /// True while a script may have its handle.
    var isHeld = false
    /// Children that failed and whose failure nobody took.
    var failedChildren: [NodeID] = []
    /// Of a task: where it called what it waits for, or waited for last.
    var waitsAt: LuaLocation?
    /// The timer of the `sleep` this task is in.
    var sleep: TimerID?
    /// The group this node waits for.
    var group: GroupID?
    /// The groups that wait for this node, and at which position.
    var waiters: [(group: GroupID, position: Int)] = []
    /// The last error of another task that was raised in this one: if it goes on from here, so do its stack and place.
    @Apart var received: ScriptError?
    var stop: StopReason?
    /// Once a `<close>` handler of this stopped task has waited: the timer that ends that.
    var grace: TimerID?
    /// What is to be called when it is over otherwise, the last first; `nil` for nothing.
    @Apart var finallys: [FinallyFunction]?
    /// True for the task of one of them.
    var isFinally = false
    /// What its own work came to; its children may still be open.
    var conclusion: Outcome?
    /// What it came to in the end.
    var outcome: Outcome?
    /// True if somebody was given the outcome.
    var isTaken = false

    init(
        id: NodeID, owner: NodeID?, content: Content, key: String, location: LuaLocation?, phase: String? = nil
    ) {
        self.id = id
        self.owner = owner
        self.content = content
        self.key = key
        self.location = location
        self.phase = phase
    }

    /// Takes over the options of another node, which are kept once.
    func takeDefaults(of other: Node) {
        _ownDefaults = other._ownDefaults
        onFailure = other.onFailure
    }
}
