/// An error that a script raised, or that a host function raises in a script.
public struct LuaError: Error, Sendable, CustomStringConvertible {
    /// The value raised: any Lua value, often a string with the script's name and line in front.
    public var value: LuaValue

    /// What `tostring` gives for the value.
    public var description: String

    /// Where it was raised, innermost call first, through coroutines and up to the tasks that waited for this one. Empty
    /// for an error that the host made.
    public var traceback: String

    /// The innermost script line that ran when it was raised; `nil` for an error that the host made.
    public var location: LuaLocation?

    /// The limit that the script ran into; `nil` for every other error.
    public var limit: LuaLimit?

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

    /// Any error as one that scripts can catch: a `LuaError` as it is, others as a handle whose `tostring`, and field
    /// `message`, is the error's description. If the script lets it out it is found again as ``underlying``.
    public init(raising error: any Error) {
        if let error = error as? LuaError {
            self = error
            return
        }
        let text = "\(error)"
        let handle = LuaHandle(
            HostError(error), description: text, fields: LuaTable(fields: ["message": .string(text)]))
        self.init(value: .handle(handle), description: text)
    }

    /// The error of Swift that a host function threw; `nil` if a script raised this one.
    public var underlying: (any Error)? {
        if case .handle(let handle) = value { (handle.object as? HostError)?.error } else { nil }
    }
}
