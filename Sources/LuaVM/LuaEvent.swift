/// What a turn of a task led to.
public enum LuaEvent: Sendable {
    /// The task waits for the host.
    case request(LuaRequest)
    /// The task is over.
    case ended(LuaTaskID, LuaOutcome)
}
