/// What a turn of a task led to.
public enum LuaEvent {
    /// The task waits for the host.
    case request(LuaRequest)
    /// The task is over, and so are its children.
    indirect case ended(LuaTaskID, LuaOutcome)
    /// ``LuaInterrupter/interrupt()`` ended the turn of the task, which goes on unless it is stopped now.
    case interrupted(LuaTaskID)
}
