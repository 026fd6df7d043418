/// How a task ended.
public enum LuaOutcome: Sendable {
    /// Its function returned.
    case returned([LuaValue])
    /// An error left its function.
    case raised(LuaError)
    /// It was stopped, by ``LuaVM/stop(_:)`` or by a host function that threw ``LuaStop``.
    case stopped
}
