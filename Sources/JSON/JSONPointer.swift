/// A place in a JSON document (RFC 6901), as `/items/0/id`.
package struct JSONPointer: Hashable, Sendable {
    /// The unescaped reference tokens; none: the whole document.
    package let tokens: [String]

    /// - Returns: `nil` for a text that is neither empty nor begins with a slash.
    package init?(_ text: String) {
        guard text.isEmpty || text.utf8.first == UInt8(ascii: "/") else { return nil }
        // By scalars: a mark behind a slash makes another character of it.
        tokens = text.unicodeScalars.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
            Self.unescaped($0)
        }
    }

    private static func unescaped(_ token: Substring.UnicodeScalarView) -> String {
        var text = String.UnicodeScalarView()
        var rest = token
        while let scalar = rest.popFirst() {
            switch (scalar, rest.first) {
            case ("~", "1"): text.append("/")
            case ("~", "0"): text.append("~")
            default:
                text.append(scalar)
                continue
            }
            rest.removeFirst()
        }
        return String(text)
    }

    /// The place that these tokens lead to.
    package init(tokens: [String]) {
        self.tokens = tokens
    }

    /// The place as it is written: `/items/0/id`, or nothing for the whole document.
    package var text: String {
        var text = ""
        for token in tokens {
            text += "/"
            for scalar in token.unicodeScalars {
                switch scalar {
                case "~": text += "~0"
                case "/": text += "~1"
                default: text.unicodeScalars.append(scalar)
                }
            }
        }
        return text
    }
}
