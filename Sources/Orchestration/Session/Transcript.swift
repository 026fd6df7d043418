import Escaping
import LuaSyntax

/// The lines of a session, as a script that does the same.
package struct Transcript: Sendable {
    /// What became of a line.
    package enum Outcome: Sendable {
        case succeeded, failed
        /// It was interrupted; true if jobs that it had begun go on, for which `_` stands then.
        case interrupted(keepsJobs: Bool)
    }

    private struct Line {
        let text: String
        /// True if it has set `_`.
        let setsLast: Bool
        var isInterrupted = false
    }

    private var lines: [Line] = []

    /// Nothing was entered yet.
    package init() {}

    /// True if there is nothing to save.
    package var isEmpty: Bool { lines.isEmpty }

    /// Adds what was entered.
    ///
    /// - Parameter hasValues: whether it had values, of which `_` is the first.
    package mutating func add(_ text: String, _ outcome: Outcome, hasValues: Bool) {
        switch outcome {
        case .failed, .interrupted(keepsJobs: false): break
        case .succeeded: lines.append(Line(text: text, setsLast: hasValues))
        case .interrupted(keepsJobs: true): lines.append(Line(text: text, setsLast: true, isInterrupted: true))
        }
    }

    /// From here on steps go to that server.
    package mutating func use(server: String) {
        lines.append(Line(text: "defaults { server = \"\(TextFormat.lua.escaped(server))\" }", setsLast: false))
    }

    /// The script: what went well, in its order. `_` becomes a local with a name where a later line uses it; where locals
    /// would not do what the session did, everything is as global as it was there.
    package var script: String {
        let usual = scriptWithLocals
        return isLikeSession(usual) ? usual : scriptWithGlobals
    }

    private func isLikeSession(_ script: String) -> Bool {
        guard SessionInput.isStatement(script) else { return false }
        var names: Set<String> = []
        for line in lines {
            let tokens = SourceLexer.tokens(of: line.text)
            // In a function `_` is what it is when that is called.
            if tokens.contains(where: { $0.isName("function") }), Self.usesLast(line.text) { return false }
            // Whoever used a name before meant what became of it later.
            guard names.isDisjoint(with: SessionCode.locals(of: line.text)) else { return false }
            names.formUnion(tokens.compactMap(\.name))
        }
        return true
    }

    // MARK: With locals

    private var scriptWithLocals: String {
        var script = ""
        var count = 0
        /// What `_` is called; `nil`: nobody has set it.
        var last: String?
        for (index, line) in lines.enumerated() {
            // Only looked at.
            if line.setsLast, !line.isInterrupted, !Self.mayCall(line.text), !isLastUsed(behind: index) { continue }
            var name: String?
            if line.setsLast, isLastUsed(behind: index) {
                count += 1
                name = "last\(count)"
            }
            let text = last.map { Self.replacingLast(in: line.text, by: $0) } ?? line.text
            script += Self.statement(text, line, name.map { "local \($0) = " }) + "\n"
            if line.setsLast { last = name ?? last }
        }
        return script
    }

    /// True if a line uses `_` before another sets it.
    private func isLastUsed(behind index: Int) -> Bool {
        for line in lines[(index + 1)...] {
            if Self.usesLast(line.text) { return true }
            if line.setsLast { return false }
        }
        return false
    }

    /// True unless the text is certainly no more than a value.
    private static func mayCall(_ text: String) -> Bool {
        SourceLexer.tokens(of: text).contains { $0.string != nil || ["(", "{", ":"].contains($0.symbol) }
    }

    // MARK: As in the session

    private var scriptWithGlobals: String {
        lines.map { line in
            let text = SessionCode.keepingLocals(line.text)
            let statement = Self.statement(text, line, line.setsLast ? "_ = " : nil)
            // Labels are each line's own.
            let hasLabel = SourceLexer.tokens(of: text).contains { $0.isSymbol("::") }
            return (hasLabel ? "do \(statement) end" : statement) + "\n"
        }.joined()
    }

    // MARK: Lines

    /// - Parameter place: what its value is given to, as `local last1 = `; `nil`: nothing.
    private static func statement(_ text: String, _ line: Line, _ place: String?) -> String {
        guard !line.isInterrupted else {
            // Its jobs went on behind the prompt.
            let comment = "-- interrupted at the prompt: its jobs went on\n"
            if let start = started(text) { return comment + (place ?? "") + start }
            let body = SessionInput.isExpression(text) ? "return " + text : text
            return comment + "\(place ?? "")spawn(function()\n\(body)\nend)"
        }
        if SessionInput.isExpression(text) {
            if let place { return place + text }
            // A value by itself is no statement, a call is; one in brackets would go on with the line above.
            return SessionInput.isStatement(text) ? (text.hasPrefix("(") ? ";" + text : text) : "local _ = " + text
        }
        // Nothing can stand behind `return`.
        if !SessionInput.isStatement(text + "\nlocal _") { return "\(place ?? ";")(function()\n\(text)\nend)()" }
        return text.hasPrefix("(") ? ";" + text : text
    }

    /// `execute …` alone, as a `start` that nobody waits for.
    private static func started(_ text: String) -> String? {
        let tokens = SourceLexer.tokens(of: text)
        guard let first = tokens.first, first.isName("execute"), SessionInput.isExpression(text) else { return nil }
        let calls = tokens.dropFirst().contains { $0.symbol == "." || $0.isName("execute") || $0.isName("function") }
        guard !calls else { return nil }
        var bytes = Array(text.utf8)
        bytes.replaceSubrange(first.range, with: Array("start".utf8))
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func usesLast(_ text: String) -> Bool {
        let tokens = SourceLexer.tokens(of: text)
        return tokens.indices.contains { tokens[$0].isName("_") && !tokens[..<$0].endsWithDot }
    }

    private static func replacingLast(in text: String, by name: String) -> String {
        let tokens = SourceLexer.tokens(of: text)
        var bytes = Array(text.utf8)
        for index in tokens.indices.reversed() where tokens[index].isName("_") && !tokens[..<index].endsWithDot {
            bytes.replaceSubrange(tokens[index].range, with: Array(name.utf8))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
