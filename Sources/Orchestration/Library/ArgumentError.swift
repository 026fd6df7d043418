import DataStudio
import LuaVM

/// A call that cannot be what was meant: says which argument, what it got and what it takes.
struct ArgumentError: Error {
    let message: String

    init(_ message: String) {
        self.message = message
    }

    /// A server that is not configured.
    static func unknownServer(_ name: String, among known: some Collection<String>) -> ArgumentError {
        ArgumentError(
            "the server \"\(name)\" is not configured" + Spelling.suggestion(for: name, among: known))
    }

    /// An option that a function does not know.
    static func unknownOption(_ name: String, among known: [String]) -> ArgumentError {
        ArgumentError("unknown option \"\(name)\"" + Spelling.suggestion(for: name, among: known))
    }
}

extension LuaValue {
    /// The name that this key gives to an option.
    func optionName() throws(ArgumentError) -> String {
        guard let name = text else { throw ArgumentError("options have names; got the key \(shown)") }
        return name
    }
}
