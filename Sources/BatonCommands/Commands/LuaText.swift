import Escaping

/// Values as they stand in a Lua script.
enum LuaText {
    /// A string in quotes.
    static func quoted(_ text: String) -> String { "\"\(TextFormat.lua.escaped(text))\"" }

    /// A number or a boolean as it is, anything else as a string.
    static func literal(_ text: String) -> String {
        let isPlain = text == "true" || text == "false" || Int64(text) != nil
        let isNumber =
            !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") } && Double(text) != nil
        return isPlain || isNumber ? text : quoted(text)
    }
}
