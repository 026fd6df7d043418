import GRDB
import Journal

/// Another connection that holds the database's write lock, as a backup or a process that was stopped does.
final class WriteLock {
    private let queue: DatabaseQueue

    init(_ folder: JournalFolder) throws {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        queue = try DatabaseQueue(path: folder.database, configuration: configuration)
        try queue.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
    }

    /// Lets go of the lock.
    func release() throws {
        try queue.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
    }
}
