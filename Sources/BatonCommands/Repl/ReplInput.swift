import Foundation
import LineEditor

/// Where a session's lines come from.
enum ReplInput: Sendable {
    /// A terminal.
    case editor(LineEditor)
    /// Standard input that is no terminal, a line each.
    case pipe(LineReader)
    /// The command line: each text by itself.
    case texts(TextQueue)

    /// The next line.
    func next(prompt: String) async -> LineEditor.Entry {
        switch self {
        case .editor(let editor): await editor.read(prompt: prompt)
        case .pipe(let reader): await reader.next().map { .line($0) } ?? .end
        case .texts(let queue): queue.next().map { .line($0) } ?? .end
        }
    }

    /// True if an empty line is a person's, who does not want to go on: one that is pasted is a line as others are.
    var givesUp: Bool {
        if case .editor(let editor) = self { !editor.hasMore } else { false }
    }

    /// True if somebody sits there.
    var isInteractive: Bool {
        if case .editor = self { true } else { false }
    }
}
