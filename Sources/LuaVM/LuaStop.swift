/// Thrown by a host function to stop the task that called it: unlike an error it passes through every `pcall`.
///
/// `<close>` handlers run; whatever would wait in them is stopped as well.
public struct LuaStop: Error, Sendable {
    /// Makes the one value there is.
    public init() {}
}
