import Escaping
import Orchestration

/// A run that waits for its turn, or waited for it and has not begun: there is no log to show.
struct NeverBegun {
    let row: RunRow
    /// How it stands, in a word.
    let state: String

    /// For people.
    var text: String {
        let note = row.note.map { ", \($0)" } ?? ""
        let lines = [
            "run \(row.id): \(state)\(note)", "\(row.script) on \(row.server), asked for \(row.began.localDate)",
        ]
        return (lines.map(\.visible) + Advice.lines(advice, width: 200)).map { $0 + "\n" }.joined()
    }

    private var advice: [Advice] {
        switch state {
        case "waiting": [Advice("wait, or cancel it:", "baton watch \(row.id)", "baton cancel \(row.id)")]
        case "interrupted": [Advice("begin it, or give it up:", "baton resume \(row.id)", "baton abandon \(row.id)")]
        default: []
        }
    }
}
