/// What the scripts of a VM may use.
public struct LuaLimits: Sendable {
    /// Processor time between two waits of a task; `nil`: no limit. The limit costs nothing until it is reached: no
    /// counting, but a signal, SIGURG, to the thread that runs the script. A handler that was there before is called too.
    public var time: Duration?

    /// Processor time for the `<close>` handlers of a task that is stopped.
    public var grace: Duration

    /// What a turn may use beyond `time` and `grace` before its VM counts as one that reacts to nothing, which ends the
    /// process: see ``LuaVM/onUnresponsive(_:)``. Host functions and the garbage collector are not interrupted, so it
    /// should be longer than any of them takes.
    public var patience: Duration

    /// Bytes that Lua may hold, with what the host holds for it; `nil`: no limit. While a host function runs it may be
    /// passed by a quarter, at most 32 MB: the error comes when the function returns.
    public var memory: Int?

    /// How often in a row a task may wait without ``LuaVM/timeHasMoved()``: `while true do sleep(0) end` ends.
    public var waits: Int?

    /// No limits, but for the grace.
    public init(
        time: Duration? = nil, grace: Duration = .seconds(1), patience: Duration = .seconds(10), memory: Int? = nil,
        waits: Int? = nil
    ) {
        self.time = time
        self.grace = grace
        self.patience = patience
        self.memory = memory
        self.waits = waits
    }
}
