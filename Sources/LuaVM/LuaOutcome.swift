/// How a task ended.
public enum LuaOutcome: Sendable {
    /// Its function returned.
    case returned([LuaValue])
    /// An error left its function.
    case raised(LuaError)
    /// It ran into a limit: no `pcall` of it returned. The error says where.
    case exceeded(LuaLimit, LuaError)
    /// It was stopped, by ``LuaVM/stop(_:grace:)`` or by a host function that threw ``LuaStop``.
    case stopped
}
