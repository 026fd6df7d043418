import DataStudio

/// What can be said of a script before anything is started: only what is certainly wrong.
package enum Preflight {
    private static let checked = ["execute", "start", "parallel", "chain", "retry", "notify", "defaults"]

    /// Unknown options in literal calls, `execute "a" { … }`, and chains that nobody runs.
    ///
    /// A function that the script gives another meaning is left alone.
    ///
    /// - Parameter name: what messages call the script.
    /// - Returns: one message for each finding, as `nightly.lua:3: …`.
    package static func findings(in text: String, name: String) -> [String] {
        let tokens = SourceLexer.tokens(of: text)
        let meant = checked.filter { !isRedefined($0, in: tokens) }
        return tokens.indices.flatMap { index -> [String] in
            guard let function = tokens[index].name, meant.contains(function), !isField(index, tokens) else {
                return []
            }
            return findings(function, at: index, tokens).map { "\(name):\($0.line): \(function): \($0.message)" }
        }
    }

    private typealias Finding = (line: Int, message: String)

    private static func findings(_ function: String, at index: Int, _ tokens: [SourceToken]) -> [Finding] {
        var found: [Finding] = []
        var open = index + 1
        guard open < tokens.count else { return [] }
        if let label = tokens[open].string {
            if open + 1 < tokens.count, tokens[open + 1].isSymbol("{"), ["execute", "start"].contains(function) {
                found.append(
                    (
                        tokens[open].line,
                        "\"\(label)\" { … } calls what it returns: options stand in the same table, "
                            + "\(function) { \"\(label)\", … }"
                    ))
            }
            return found
        }
        if tokens[open].isSymbol("(") {
            open += 1
            if open + 1 < tokens.count, tokens[open].string != nil, tokens[open + 1].isSymbol(",") { open += 2 }
        }
        guard open < tokens.count, tokens[open].isSymbol("{") else { return [] }
        if function == "chain", open == index + 1, index == 0 || endsExpression(tokens[index - 1]) {
            found.append(
                (
                    tokens[index].line,
                    "a chain by itself does not run: give it to parallel, write wait(chain { … }), "
                        + "or one execute after the other"
                ))
        }
        let table = SourceTable(at: open, in: tokens)
        var known = StepOptions.names
        switch function {
        case "retry": return found + unknown(table, ["times", "delay", "backoff", "max_delay", "on"])
        case "notify": return found + unknown(table, ["title", "text", "level"])
        case "defaults": return found + unknown(table, StepOptions.defaultNames)
        default: break
        }
        if function == "execute" { known.removeAll { $0 == "detach" } }
        if function == "parallel" { known += ["limit", "on_failure"] }
        found += unknown(table, known)
        if ["parallel", "chain"].contains(function) {
            for item in table.tables.map({ SourceTable(at: $0, in: tokens) }) where item.beginsWithString {
                found += unknown(item, StepOptions.names)
            }
        }
        return found
    }

    private static func unknown(_ table: SourceTable, _ known: [String]) -> [Finding] {
        table.fields.filter { !known.contains($0.name) }.map { field in
            (field.line, "unknown option \"\(field.name)\"" + Spelling.suggestion(for: field.name, among: known))
        }
    }

    /// True for `x.execute`, `x:execute` and the key of a table, `{ execute = … }`.
    static func isField(_ index: Int, _ tokens: [SourceToken]) -> Bool {
        guard index > 0 else { return false }
        return tokens[index - 1].isSymbol(".") || tokens[index - 1].isSymbol(":")
    }

    /// True if a token can be the last of an expression or statement, so that a new statement follows.
    private static func endsExpression(_ token: SourceToken) -> Bool {
        switch token.kind {
        case .string, .number: true
        case .symbol(let symbol): ["}", ")", "]"].contains(symbol)
        case .name(let name):
            !["and", "or", "not", "return", "in", "if", "while", "until", "elseif", "local", "function"].contains(name)
        }
    }

    /// True if the script may give the name a meaning of its own: as a local, a parameter or by assignment.
    static func isRedefined(_ name: String, in tokens: [SourceToken]) -> Bool {
        tokens.indices.contains { index in
            guard tokens[index].isName(name), !isField(index, tokens) else { return false }
            let before = index > 0 ? tokens[index - 1] : nil
            let after = index + 1 < tokens.count ? tokens[index + 1] : nil
            if before?.isName("local") == true || before?.isName("function") == true { return true }
            // An assignment, or a name in a list of locals or parameters. A table's key looks the same: the check is
            // then left out, which is the safe side.
            return after?.isSymbol("=") == true || (before?.isSymbol(",") == true && after?.isSymbol(",") == true)
                || (after?.isSymbol(")") == true && isParameter(index, tokens))
                || (after?.isSymbol(",") == true && isParameter(index, tokens))
        }
    }

    /// True if the token stands in the list of a function's parameters or of locals.
    private static func isParameter(_ index: Int, _ tokens: [SourceToken]) -> Bool {
        var index = index - 1
        while index >= 0, tokens[index].name != nil || tokens[index].isSymbol(",") || tokens[index].isSymbol("(") {
            if tokens[index].isName("function") || tokens[index].isName("local") || tokens[index].isName("for") {
                return true
            }
            index -= 1
        }
        return false
    }
}
