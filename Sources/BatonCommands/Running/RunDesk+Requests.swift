import BatonHost
import DataStudio
import Journal
import Orchestration

extension RunDesk {
    /// Leaves a request for a live run, and waits a while for it to be obeyed.
    ///
    /// - Returns: the exit code.
    func tell(_ verb: String, _ reference: String?, _ words: String) async throws -> Int32 {
        let row = try find(reference)
        guard opening.isLive(row) else {
            throw Refusal(
                "Run \(row.id) is not live: \(standing(of: row)).",
                row.fate == .open ? "To go on: baton resume \(row.id). To give it up: baton abandon \(row.id)" : "")
        }
        try journal.send(verb, to: row.id, by: Self.person, at: .now)
        for _ in 0..<100 where opening.isLive(row) { try await Task.sleep(for: .milliseconds(100)) }
        if opening.isLive(row) {
            Output.standard.write("Run \(row.id) \(words): baton watch \(row.id)\n")
            return 0
        }
        let now = try find(row.id)
        // The process ended, or began to leave the run, before it looked.
        let isStillWanted =
            try now.fate == .open && verb == "cancel"
            && journal.requests(of: row.id).contains { $0.verb == verb }
        let later = isStillWanted ? ["It will be cancelled when it is resumed: baton resume \(row.id)"] : []
        guard now.status != nil || now.fate != .open else {
            throw Refusal(
                lines: ["The process of run \(row.id) died before it was done."]
                    + (isStillWanted ? later : ["To go on from there: baton resume \(row.id)"]))
        }
        let lines =
            ["Run \(row.id): \(standing(of: now))."] + later
            + (try journal.openAttempts(of: row.id)).map { "  " + $0.left }
        Output.standard.write(lines.map { $0 + "\n" }.joined())
        return 0
    }
}
