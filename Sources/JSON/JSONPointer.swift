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
}

extension JSONPointer: Decodable {
    /// Reads a pointer from a string.
    ///
    /// - Throws: `DecodingError` for a text that is no pointer.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let pointer = JSONPointer(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\"\(text)\" is no JSON pointer: it has to begin with a slash")
        }
        self = pointer
    }
}
