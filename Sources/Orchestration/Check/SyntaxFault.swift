import LuaSyntax
import LuaVM

/// Why a text does not parse, and where a person would mend it.
enum SyntaxFault {
    /// The finding about a text that does not parse; `nil` for one that does.
    ///
    /// Lua names the line where it gave up. For a missing `end` that is far behind: the block that lacks it is found by
    /// how its lines are indented.
    static func finding(in text: String, name: String) -> Finding? {
        if let excess = SessionInput.excess(in: text) {
            return Finding(
                code: .syntax, file: name, line: excess.line, column: excess.column, message: excess.message)
        }
        guard case .invalid(let error) = SessionInput(script: text) else { return nil }
        let tokens = SourceLexer.tokens(of: text)
        let isEnd = ["'end' expected", "'until' expected"].contains { error.message.hasPrefix($0) }
        if let opener = unclosed(tokens, text, isEnd: isEnd) {
            let keyword = tokens[opener].name ?? "do"
            return Finding(
                code: .syntax, file: name, line: tokens[opener].line,
                column: tokens[opener].column, length: keyword.count,
                message: "this '\(keyword)' has no '\(keyword == "repeat" ? "until" : "end")' "
                    + "(Lua gave up in line \(error.line): \(error.message))")
        }
        return Finding(
            code: .syntax, file: name, line: error.line, column: error.column, message: error.message)
    }

    /// The first token of the block that nothing ends, if there is one.
    ///
    /// - Parameter isEnd: true if Lua found one as well.
    private static func unclosed(_ tokens: [SourceToken], _ text: String, isEnd: Bool) -> Int? {
        let lines: [Substring] = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        let indents = lines.map { line in line.prefix { $0 == " " || $0 == "\t" }.count }
        func indent(_ token: SourceToken) -> Int { indents[safe: token.line - 1] ?? 0 }
        var open: [Int] = []
        /// Loops that have had their `do`.
        var done: Set<Int> = []
        for (index, token) in tokens.enumerated() {
            let isFirst = index == 0 || tokens[index - 1].line < token.line
            switch token.symbol ?? token.name ?? "" {
            case "function", "if", "do", "repeat", "(", "{", "[":
                // The `do` of a loop belongs to the loop.
                if token.isName("do"), let loop = open.last, tokens[loop].isName("for") || tokens[loop].isName("while"),
                    done.insert(loop).inserted
                {
                    continue
                }
                open.append(index)
            case "for", "while": open.append(index)
            case "end", "until", "else", "elseif":
                // A bracket that is open here is what is missing.
                guard let opener = open.last, tokens[opener].symbol == nil else { return nil }
                if isEnd || token.isName("end"), isFirst, tokens[opener].line < token.line,
                    indent(token) < indent(tokens[opener])
                {
                    return opener
                }
                if token.isName("end") || token.isName("until") { open.removeLast() }
            case ")", "}", "]":
                guard let opener = open.last else { return nil }
                if tokens[opener].symbol == nil { return opener }
                open.removeLast()
            default: break
            }
        }
        return isEnd ? open.last { tokens[$0].symbol == nil } : nil
    }
}
