import DataStudio
import Foundation
import GRDB
import Orchestration
import Synchronization

/// The record of all runs on SQLite. Several processes may have it open; a run's log is written by one, which holds its
/// lock.
///
/// A commit is durable when it returns: WAL, `synchronous = FULL`.
package final class Journal: Sendable {
    /// Where it lies.
    package let folder: JournalFolder
    let queue: DatabaseQueue
    /// `nil` for a journal in memory.
    let mark: Mark?
    /// The attempts that this process has written and that are not over, so that they need not be read for each record.
    let attempts = Mutex<[AttemptKey: AttemptRow]>([:])

    struct AttemptKey: Hashable {
        let run: String
        let key: String
        let attempt: Int
    }

    /// Opens a journal, and makes it if there is none.
    ///
    /// - Throws: ``JournalError``; nothing is overwritten then.
    package init(_ folder: JournalFolder) throws(JournalError) {
        self.folder = folder
        try folder.prepare()
        // Two processes that make a journal at the same time would both make its tables.
        let opening: FileLock?
        do throws(LockError) {
            opening = try FileLock.wait(folder.locks + "/opening")
        } catch {
            throw JournalError(.readOnly, error.description)
        }
        defer { withExtendedLifetime(opening) {} }
        var configuration = Configuration()
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(10)
        do {
            queue = try DatabaseQueue(path: folder.database, configuration: configuration)
            // GRDB has turned it down with WAL, after everything a configuration may say.
            try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            let migrator = Self.migrator
            guard try !queue.read(migrator.hasBeenSuperseded) else {
                throw JournalError(
                    .newer,
                    "the journal \(folder.database) was written by a newer version of Baton: use that one")
            }
            try migrator.migrate(queue)
            mark = try Mark(folder, queue)
        } catch let error as JournalError {
            throw error
        } catch {
            throw JournalError(error, path: folder.database)
        }
    }

    /// A journal in a database that is ready, without files beside it.
    init(_ queue: DatabaseQueue) {
        folder = JournalFolder(":memory:")
        self.queue = queue
        mark = nil
    }

    /// Runs something in a transaction that no other process writes beside.
    func write<Value>(_ updates: (Database) throws -> Value) throws(JournalError) -> Value {
        do {
            return try queue.writeWithoutTransaction { database in
                var value: Value?
                try database.inTransaction(.immediate) {
                    value = try updates(database)
                    return .commit
                }
                guard let value else { throw JournalError(.failed, "a transaction gave nothing") }
                return value
            }
        } catch {
            // What was noted of this transaction is not true.
            attempts.withLock { $0.removeAll() }
            throw (error as? JournalError) ?? JournalError(error, path: folder.database)
        }
    }

    func read<Value>(_ body: (Database) throws -> Value) throws(JournalError) -> Value {
        do {
            return try queue.read(body)
        } catch let error as JournalError {
            throw error
        } catch {
            throw JournalError(error, path: folder.database)
        }
    }

    /// True if a commit is on the disk when it returns.
    package var isDurable: Bool {
        get throws(JournalError) {
            // https://www.sqlite.org/pragma.html#pragma_synchronous: 2 is FULL.
            try read { try Int.fetchOne($0, sql: "PRAGMA synchronous") == 2 }
        }
    }

    /// Has what is written not be synced: for what need not outlive the machine.
    package func makeUndurable() throws(JournalError) {
        do {
            try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = OFF") }
        } catch {
            throw JournalError(error, path: folder.database)
        }
    }

    /// Brings all that was written into the database itself.
    package func checkpoint() throws(JournalError) {
        do {
            try queue.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        } catch {
            throw JournalError(error, path: folder.database)
        }
    }

    /// Closes the file.
    package func close() throws(JournalError) {
        do {
            try queue.close()
        } catch {
            throw JournalError(error, path: folder.database)
        }
    }
}
