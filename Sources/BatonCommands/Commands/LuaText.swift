/// Values as they stand in a Lua script.
enum LuaText {
    /// A string in quotes.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\u{0}"..<" ", "\u{7F}": quoted += "\\u{\(String(scalar.value, radix: 16))}"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// A number or a boolean as it is, anything else as a string.
    static func literal(_ text: String) -> String {
        let isPlain = text == "true" || text == "false" || Int64(text) != nil
        let isNumber =
            !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") } && Double(text) != nil
        return isPlain || isNumber ? text : quoted(text)
    }
}
