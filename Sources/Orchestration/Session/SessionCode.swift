import LuaSyntax

/// The text of a session as Lua is given it.
enum SessionCode {
    /// Locals outside of all blocks become globals, so that they are there for the next line; the text keeps its lines.
    /// One that is to be closed stays as it is.
    static func keepingLocals(_ text: String) -> String {
        let tokens = SourceLexer.tokens(of: text)
        var edits: [(range: Range<Int>, text: String)] = []
        var depth = 0
        for index in tokens.indices {
            switch tokens[index].name {
            case "function", "do", "if", "repeat": depth += 1
            case "end", "until": depth -= 1
            case "local" where depth == 0 && !tokens[..<index].endsWithDot: edits += makeGlobal(index, tokens)
            default: break
            }
        }
        var bytes = Array(text.utf8)
        for edit in edits.reversed() { bytes.replaceSubrange(edit.range, with: Array(edit.text.utf8)) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The names of these locals.
    static func locals(of text: String) -> Set<String> {
        let tokens = SourceLexer.tokens(of: text)
        var names: Set<String> = []
        var depth = 0
        for index in tokens.indices {
            switch tokens[index].name {
            case "function", "do", "if", "repeat": depth += 1
            case "end", "until": depth -= 1
            case "local" where depth == 0 && !tokens[..<index].endsWithDot:
                let isFunction = tokens[safe: index + 1]?.isName("function") == true
                let rest = tokens[(index + (isFunction ? 2 : 1))...]
                for token in rest.prefix(while: { $0.name != nil || ["<", ">", ","].contains($0.symbol) }) {
                    if let name = token.name { names.insert(name) }
                    if isFunction { break }
                }
            default: break
            }
        }
        return names
    }

    private static func makeGlobal(_ index: Int, _ tokens: [SourceToken]) -> [(range: Range<Int>, text: String)] {
        var edits = [(range: tokens[index].range, text: "     ")]
        guard tokens[safe: index + 1]?.isName("function") != true else { return edits }
        var next = index + 1
        var names = 0
        while let token = tokens[safe: next], token.name != nil {
            names += 1
            next += 1
            if tokens[safe: next]?.isSymbol("<") == true, let attribute = tokens[safe: next + 1],
                let close = tokens[safe: next + 2]
            {
                guard !attribute.isName("close") else { return [] }
                edits.append((tokens[next].range.lowerBound..<close.range.upperBound, ""))
                next += 3
            }
            guard tokens[safe: next]?.isSymbol(",") == true else { break }
            next += 1
        }
        if tokens[safe: next]?.isSymbol("=") != true, let last = tokens[safe: next - 1] {
            // Behind what may be taken away there.
            let end = last.range.upperBound
            edits.append((end..<end, " = nil"))
        }
        return edits
    }
}
