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
        let isExpression: Bool
        let setsLast: Bool
        let isInterrupted: Bool
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
        let isExpression = SessionInput.isExpression(text)
        switch outcome {
        case .failed, .interrupted(keepsJobs: false): break
        case .succeeded:
            lines.append(
                Line(
                    text: text, isExpression: isExpression, setsLast: isExpression && hasValues, isInterrupted: false))
        case .interrupted(keepsJobs: true):
            lines.append(Line(text: text, isExpression: isExpression, setsLast: true, isInterrupted: true))
        }
    }

    /// The script: what went well, in its order. `_` becomes a name where a later line uses it.
    package var script: String {
        var script = ""
        var count = 0
        /// What `_` is called; `nil`: nobody has set it.
        var last: String?
        for (index, line) in lines.enumerated() {
            // Only looked at.
            if line.isExpression, !Self.mayCall(line.text), !isLastUsed(behind: index) { continue }
            let text = last.map { Self.replacingLast(in: line.text, by: $0) } ?? line.text
            var name: String?
            if line.setsLast, isLastUsed(behind: index) {
                count += 1
                name = "last\(count)"
            }
            script += Self.statement(text, line, name) + "\n"
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

    private static func statement(_ text: String, _ line: Line, _ name: String?) -> String {
        let place = name.map { "local \($0) = " } ?? ""
        guard !line.isInterrupted else {
            // Its jobs went on behind the prompt.
            let comment = "-- interrupted at the prompt: its jobs went on\n"
            if let start = started(text) { return comment + place + start }
            let body = line.isExpression ? "return " + text : text
            return comment + "\(place)spawn(function()\n\(body)\nend)"
        }
        if line.isExpression, name != nil { return place + text }
        // A value by itself is no statement, a call is.
        return line.isExpression && !SessionInput.isStatement(text) ? "local _ = " + text : text
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
        return tokens.indices.contains { tokens[$0].isName("_") && !Preflight.isField($0, tokens) }
    }

    private static func replacingLast(in text: String, by name: String) -> String {
        let tokens = SourceLexer.tokens(of: text)
        var bytes = Array(text.utf8)
        for index in tokens.indices.reversed() where tokens[index].isName("_") && !Preflight.isField(index, tokens) {
            bytes.replaceSubrange(tokens[index].range, with: Array(name.utf8))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
