/// A Lua value that does not have the shape a Swift type asks for, or a Swift value that Lua cannot hold.
public struct LuaCodingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where, spelled as Lua does: `params.regions[3]`, lists from 1. Empty for the whole value when it has no name.
    public let path: String

    /// What is wrong there, with Lua's names for types: `expected string, got table`.
    public let message: String

    /// An error at a path; an empty one is left out of the description.
    public init(path: String, message: String) {
        self.path = path
        self.message = message
    }

    /// `params.regions[3]: expected string, got table`
    public var description: String { path.isEmpty ? message : "\(path): \(message)" }
}

extension LuaCodingError {
    init(_ path: [LuaKey], of root: String, _ message: String) {
        self.init(path: path.spelled(from: root), message: message)
    }

    /// What the coding of a value called `root` threw. Errors that carry no path are taken to be about all of it.
    init(_ error: any Error, of root: String) {
        switch error {
        case let error as LuaCodingError: self = error
        case let error as DecodingError: self.init(error, of: root)
        case EncodingError.invalidValue(_, let context):
            self.init(context.codingPath.map { LuaKey($0) }, of: root, context.debugDescription)
        default: self.init([], of: root, "\(error)")
        }
    }

    private init(_ error: DecodingError, of root: String) {
        switch error {
        case .keyNotFound(let key, let context):
            self.init((context.codingPath + [key]).map { LuaKey($0) }, of: root, context.debugDescription)
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            self.init(context.codingPath.map { LuaKey($0) }, of: root, context.debugDescription)
        @unknown default: self.init([], of: root, "\(error)")
        }
    }
}
