/// The text of a module that a script asks for by `require`.
public struct LuaModule: Sendable {
    /// Lua code. What it returns is what `require` gives.
    public var text: String
    /// What messages call it, usually the file's name.
    public var name: String

    /// A module of that text.
    public init(text: String, name: String) {
        self.text = text
        self.name = name
    }
}
