/// An error that a script raised, or that a host function raises in a script.
public struct LuaError: Error, Sendable, CustomStringConvertible {
    /// The value raised: any Lua value, often a string with the script's name and line in front.
    public var value: LuaValue

    /// What `tostring` gives for the value.
    public var description: String

    /// Where it was raised, innermost call first. Empty for an error that the host made.
    public var traceback: String

    /// The innermost script line that ran when it was raised; `nil` for an error that the host made.
    public var location: LuaLocation?

    /// An error whose value is the message.
    public init(_ message: String) {
        self.init(value: .string(message), description: message)
    }

    /// An error with a value of any kind.
    public init(value: LuaValue, description: String, traceback: String = "") {
        self.value = value
        self.description = description
        self.traceback = traceback
    }
}
