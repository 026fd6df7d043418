import LuaVM

/// What a question to a server was asked for.
enum QueryUse {
    /// A script's `state`; the handle is given back with the answer.
    case state(LuaToken, LuaLocation?, handle: LuaHandle?)
    /// A script's `cancel` of a job; `nil`: of somebody else's.
    case cancel(LuaToken, step: NodeID?)
    /// A script's `state` of a job of somebody else.
    indirect case stateOfOther(LuaToken, LuaLocation?, JobReference)
    /// Before a job of somebody else is cancelled: whether it is the one that is meant.
    indirect case beforeCancel(LuaToken, JobReference, key: String)
    /// Whether a job of somebody else is there, which a step waits for.
    case otherJob(NodeID)
    /// Whether a person approves.
    case approval(NodeID)
    /// Whether a block may begin: it holds what it wants.
    case lock(NodeID)
    /// After a retry: whether a block that goes on holds it again, by its task.
    case lockAgain(NodeID)
    /// Before a start: whether the workflow runs already.
    case ifRunning(NodeID)
    /// One of the functions of `studio`, `http` and `file`, or `notify`.
    case call(LuaToken, LuaLocation?, WaitingFunction)
    /// People are told; nobody waits for it.
    case told
    /// How long a step usually takes.
    case usual(NodeID)
    /// A script's `history`.
    case history(LuaToken)
    /// A step that ran out of time, or whose task was cancelled.
    case stopStep(NodeID)
}
