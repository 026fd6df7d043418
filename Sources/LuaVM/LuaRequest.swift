/// A call of a host function that waits. The task goes on once ``LuaVM/resume(_:returning:)`` or
/// ``LuaVM/resume(_:throwing:)`` answers the token.
public struct LuaRequest: Sendable {
    /// What an answer names.
    public let token: LuaToken
    /// The name the function was registered under.
    public let function: String
    /// What the script gave.
    public let arguments: [LuaValue]
    /// The line that called it; `nil` where only host code is on the stack.
    public let location: LuaLocation?
}
