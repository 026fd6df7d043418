import GRDB
import Synchronization

/// Journals in memory, with the rules of those on the disk: for whoever plays many runs in virtual time.
extension Journal {
    /// Made once: the tables take longer than most of such runs.
    private static let template = Result {
        let queue = try DatabaseQueue()
        try migrator.migrate(queue)
        return queue
    }

    /// An empty journal in memory.
    ///
    /// - Parameters:
    ///   - recentJobs: how many of a workflow's last jobs are looked at by whoever looked before, besides all that were
    ///     started since.
    ///   - fails: asked before each transaction is committed; if it says so, the transaction fails like one for which
    ///     there is no space left.
    package static func inMemory(
        recentJobs: Int = 300, fails: @escaping @Sendable () -> Bool = { false }
    ) throws -> Journal {
        try inMemory(from: template.get(), recentJobs, fails)
    }

    /// What is kept now, as a journal of its own: what a backup holds.
    package func copy(fails: @escaping @Sendable () -> Bool = { false }) throws -> Journal {
        try Self.inMemory(from: queue, recentJobs, fails)
    }

    private static func inMemory(
        from source: DatabaseQueue, _ recentJobs: Int, _ fails: @escaping @Sendable () -> Bool
    ) throws -> Journal {
        let queue = try DatabaseQueue()
        try source.backup(to: queue)
        queue.add(transactionObserver: FailingCommits(fails), extent: .databaseLifetime)
        return Journal(queue, recentJobs: recentJobs)
    }

    /// Makes it an empty journal again.
    package func forgetEverything() throws(JournalError) {
        let tables = [
            "attempts", "modules", "records", "commands", "suspicions", "alarms", "undelivered", "waits", "locks",
            "lives",
            "runs",
            "scripts",
            "durations", "measures", "meta", "servers",
        ]
        try write { database in
            for table in tables { try database.cachedStatement(sql: "DELETE FROM \(table)").execute() }
        }
        attempts.rows.withLock { $0.removeAll() }
    }

    /// The journal is recognised as one that was restored.
    package func noteRestored() throws {
        try write { try Mark.noteRestored($0) }
    }
}

/// Has transactions fail at their end.
private final class FailingCommits: TransactionObserver, Sendable {
    private let fails: @Sendable () -> Bool

    init(_ fails: @escaping @Sendable () -> Bool) { self.fails = fails }

    func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { false }
    func databaseDidChange(with event: DatabaseEvent) {}
    func databaseWillCommit() throws {
        if fails() { throw DatabaseError(resultCode: .SQLITE_FULL) }
    }
    func databaseDidCommit(_ db: Database) {}
    func databaseDidRollback(_ db: Database) {}
}
