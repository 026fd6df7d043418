/// The limit that a task ran into.
public enum LuaLimit: String, Sendable {
    /// It ran too long without waiting.
    case time
    /// It held too much memory, and did not catch the error.
    case memory
    /// It waited too often without time moving.
    case waits
}
