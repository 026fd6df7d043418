/// What few tasks have, kept apart from ``LuaTask``.
final class LuaTaskDetails {
    /// The error it was given last: if it ends by it, their tracebacks are joined.
    var received: LuaError?
    /// The limit it ran into, with the error that says where.
    var exceeded: (LuaLimit, LuaError)?
    /// Of a task that is over: its outcome.
    var outcome: LuaOutcome?
    /// Of a task that waits for children of its own: see ``LuaVM/resume(_:running:)``.
    var join: Join?
    /// Of a child that is waited for: its place among the results, from 1.
    var place = 0

    /// Children whose results the parent waits for.
    struct Join {
        var token: LuaToken
        var results: [LuaValue]
        var remaining: Int
        var failure: LuaOutcome?
    }
}
