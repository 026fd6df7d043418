import BatonHost
import Journal
import Orchestration

/// Sessions that nobody goes on with: their process died, or they were left with jobs running.
struct SessionsLeft {
    private let journal: Journal
    private let server: String
    private let place: String

    /// - Parameters:
    ///   - server: the name of their server in the configuration.
    ///   - place: what tells it apart.
    init(_ journal: Journal, server: String, place: String) {
        self.journal = journal
        self.server = server
        self.place = place
    }

    /// Takes hold of the newest on that server that has something open. Those that have nothing are over.
    ///
    /// - Parameter today: what a session would begin with now: nothing that was typed before is run again.
    func takeUp(_ today: RunBeginning) async throws -> RunOpening.Opened? {
        let opening = RunOpening(journal)
        for row in try journal.runs(script: "repl", fate: .open) where !opening.isLive(row) {
            // One that cannot be read is in nobody's way.
            guard let beginning = try? journal.beginning(of: row.id), beginning.isSession,
                beginning.server == server, beginning.identities[server] == place, beginning.canBeReplayed,
                // Held from here on: one that is just beginning holds its line already.
                var opened = try await opening.resume(row)
            else { continue }
            guard try journal.openAttempts(of: row.id).isEmpty else {
                opened.beginning = today
                opened.beginning.run = row.id
                // What stands for secrets in its log follows from it.
                opened.beginning.seed = beginning.seed
                return opened
            }
            try journal.abandon(row.id, note: "nothing of it was open")
        }
        return nil
    }
}
