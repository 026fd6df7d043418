/// A command as words, split as a shell does it, without its expansions: what is put into a word later cannot become
/// another.
package struct CommandLineWords: Equatable, Sendable {
    /// The program, then its arguments.
    package let words: [String]

    /// - Parameter line: words between spaces; quotes of both kinds and backslashes keep what they hold together.
    /// - Returns: `nil` for an unfinished quote, and for a line without a word.
    package init?(_ line: String) {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in line {
            if isEscaped {
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character.isWhitespace {
                if let whole = word { words.append(whole) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil, !isEscaped else { return nil }
        if let word { words.append(word) }
        guard words.first?.isEmpty == false else { return nil }
        self.words = words
    }

    /// A name in braces that stands for nothing.
    static func unknownName(in line: String) -> String? {
        line.matches(of: /\{([A-Za-z_]+)\}/).map { String($0.1) }.first { !Announcement.names.contains($0) }
    }

    /// With values in the place of their names in braces.
    func filled(_ values: [(name: String, value: String)]) -> [String] {
        words.map { word in
            // In one pass: what a value holds is never a name.
            var text = ""
            var rest = word[...]
            while let open = rest.firstIndex(of: "{") {
                text += rest[..<open]
                rest = rest[open...]
                if let (name, value) = values.first(where: { rest.hasPrefix("{\($0.name)}") }) {
                    text += value
                    rest = rest.dropFirst(name.count + 2)
                } else {
                    text += "{"
                    rest = rest.dropFirst()
                }
            }
            return text + rest
        }
    }
}
