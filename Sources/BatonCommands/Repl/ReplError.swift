import Orchestration

/// A text that does not parse, for people.
struct ReplError {
    let text: String

    init(_ error: SessionInput.SyntaxError, _ input: String) {
        text = error.words(in: input)
    }

    private init(text: String) {
        self.text = text
    }

    /// The input ended in the middle of something.
    static func unfinished(_ input: String) -> ReplError {
        let line = input.split(separator: "\n").last.map(String.init) ?? input
        return ReplError(text: "the input ends in the middle of: \(line)")
    }
}

extension SessionInput.SyntaxError {
    /// The line, a mark below the place, and what is wrong.
    func words(in input: String) -> String {
        let lines = input.split(separator: "\n", omittingEmptySubsequences: false)
        let text = line <= lines.count ? String(lines[line - 1]).visible : ""
        let before = String(text.prefix(column - 1))
        return "  \(text)\n  \(String(repeating: " ", count: before.columns))^\n\(place): \(message)"
    }

    private var place: String { line == 1 ? "column \(column)" : "line \(line), column \(column)" }
}

extension LineEnd {
    /// What a program that entered it ends with; `nil`: it goes on.
    var exitCode: Int32? {
        if let end { return end.exitCode }
        if let error { return RunEnd(status: RunStatus(error.kind)).exitCode }
        return isInterrupted ? 130 : nil
    }
}
