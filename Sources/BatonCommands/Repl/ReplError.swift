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
        let line = input.split(separator: "\n").last ?? ""
        let excerpt = SourceExcerpt(of: line, around: line.count + 1)
        return ReplError(text: "the input ends in the middle of: \(excerpt.text)")
    }
}

extension SessionInput.SyntaxError {
    /// The line, a mark below the place, and what is wrong.
    func words(in input: String) -> String {
        let lines = input.split(separator: "\n", omittingEmptySubsequences: false)
        let excerpt = SourceExcerpt(of: line <= lines.count ? lines[line - 1] : "", around: column)
        let before = excerpt.text.prefix(excerpt.column - 1)
        let indent = String(repeating: " ", count: String(before).visible.columns)
        return "  \(excerpt.text.visible)\n  \(indent)^\n\(place): \(message)"
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
