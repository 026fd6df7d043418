import BatonHost
import DataStudio
import Journal
import Orchestration

extension RunDesk {
    /// Leaves a request for a live run, and waits a while for it to be obeyed.
    ///
    /// - Parameter argument: what the verb needs, if it needs anything.
    /// - Returns: the exit code.
    func tell(_ verb: String, _ row: RunRow, _ words: String, argument: String = "") async throws -> Int32 {
        guard opening.isLive(row) else {
            throw Refusal(
                "Run \(row.id) is not live: \(standing(of: row)).",
                row.fate == .open
                    ? Advice("To resume it, or to give it up:", "baton resume \(row.id)", "baton abandon \(row.id)")
                    : Advice(""))
        }
        guard !row.isWaiting else {
            throw Refusal(
                "Run \(row.id) waits for its turn: nothing of it runs.",
                Advice("To cancel it:", "baton cancel \(row.id)"))
        }
        try journal.send(verb, argument, to: row.id, by: Self.person, at: .now)
        for _ in 0..<100 where opening.isLive(row) { try await Task.sleep(for: .milliseconds(100)) }
        if opening.isLive(row) {
            write(Advice("Run \(row.id) \(words). To follow it:", "baton watch \(row.id)").lines)
            return 0
        }
        let now = try find(row.id)
        // The process ended, or began to leave the run, before it looked.
        let isStillWanted =
            try now.fate == .open && verb == "cancel"
            && journal.requests(of: row.id).contains { $0.verb == verb }
        let later = Advice(
            isStillWanted ? "It is cancelled when it is resumed:" : "To resume it:", "baton resume \(row.id)")
        guard now.status != nil || now.fate != .open else {
            throw Refusal("The process of run \(row.id) died before it was done.", later)
        }
        write(
            ["Run \(row.id): \(standing(of: now))."] + (isStillWanted ? later.lines : [])
                + (try journal.openAttempts(of: row.id)).map { "  " + $0.left })
        return 0
    }

    private func write(_ lines: [String]) { Output.standard.write(lines.map { $0 + "\n" }.joined()) }
}
