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
    func takeUp() throws -> RunOpening.Opened? {
        let opening = RunOpening(journal)
        for row in try journal.runs(script: "repl", fate: .open) where !opening.isLive(row) {
            guard let beginning = try journal.beginning(of: row.id), beginning.isSession,
                beginning.server == server, beginning.identities[server] == place, beginning.canBeReplayed
            else { continue }
            if try journal.openAttempts(of: row.id).isEmpty {
                _ = try opening.whileHeld(row) { try journal.abandon(row.id, note: "nothing of it was open") }
            } else if let opened = try opening.resume(row) {
                return opened
            }
        }
        return nil
    }
}
