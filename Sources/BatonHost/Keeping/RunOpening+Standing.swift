import Journal
package import Orchestration

/// How runs stand: what the journal says of them, and whether a process holds them.
extension RunOpening {
    /// True if a process holds the run.
    package func isLive(_ row: RunRow) -> Bool {
        row.fate == .open && (try? locks.isTaken(run: row.id)) == true
    }

    /// What a live run that waits for its turn waits for: the run that holds the line, or the first of those that wait.
    package func first(inLineOf row: RunRow) throws -> RunRow? {
        guard row.isWaiting, isLive(row) else { return nil }
        let live = try live(inLineOf: row)
        return live.first { !$0.isWaiting } ?? live.last
    }

    /// The live run, besides this one, of a line that has begun; `nil` if there is none, or it has no row yet.
    package func holder(ofLineOf row: RunRow) throws -> RunRow? { try live(inLineOf: row).first { !$0.isWaiting } }

    /// The live runs of a line besides this one, the newest first.
    private func live(inLineOf row: RunRow) throws -> [RunRow] {
        try journal.decisiveRuns(line: row.line, key: nil).filter { $0.id != row.id && isLive($0) }
    }

    /// How a run stands, in a word.
    package func state(of row: RunRow) -> String {
        switch row.fate {
        case .ended: row.status?.rawValue ?? "ended"
        case .abandoned: "abandoned"
        case .open where isLive(row): row.isWaiting ? "waiting" : "running"
        case .open where row.isHeld: "held"
        case .open: "interrupted"
        }
    }
}
