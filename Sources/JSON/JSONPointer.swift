/// A place in a JSON document (RFC 6901), as `/items/0/id`.
package struct JSONPointer: Hashable, Sendable {
    /// The unescaped reference tokens; none: the whole document.
    package let tokens: [String]

    /// - Returns: `nil` for a text that is neither empty nor begins with a slash.
    package init?(_ text: String) {
        guard text.isEmpty || text.hasPrefix("/") else { return nil }
        tokens = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
            $0.split(separator: "~1", omittingEmptySubsequences: false).map {
                $0.split(separator: "~0", omittingEmptySubsequences: false).joined(separator: "~")
            }.joined(separator: "/")
        }
    }

    /// The place that these tokens lead to.
    package init(tokens: [String]) {
        self.tokens = tokens
    }

    /// The place as it is written: `/items/0/id`, or nothing for the whole document.
    package var text: String {
        tokens.map { token in
            let escaped = token.split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0")
            return "/" + escaped.split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
        }.joined()
    }
}
