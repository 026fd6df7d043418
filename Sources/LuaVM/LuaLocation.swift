/// A line of a script.
public struct LuaLocation: Hashable, Sendable, CustomStringConvertible {
    /// The name the chunk was loaded under.
    public let source: String
    /// From 1.
    public let line: Int

    /// A line of the chunk of that name.
    public init(source: String, line: Int) {
        self.source = source
        self.line = line
    }

    /// `nightly.lua:12`
    public var description: String { "\(source):\(line)" }
}
