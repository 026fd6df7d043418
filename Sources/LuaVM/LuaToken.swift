/// Names one wait of one task. Once that wait is over the token is void, and resuming it does nothing.
public struct LuaToken: Hashable, Sendable {
    /// The task that waits.
    public let task: LuaTaskID
    let wait: Int
}
