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
    /// `nil` for a journal in memory, and for one that is only read.
    let mark: Mark?
    let attempts: KnownAttempts
    private let patience: BusyPatience
    /// How many of a workflow's last jobs are looked at by whoever looked before, besides all that were started since.
    let recentJobs: Int

    /// How long SQLite itself waits for a lock of another connection. Longer waits are ours: meanwhile the connection can
    /// be used.
    static let busyMode = Database.BusyMode.timeout(0.1)

    /// Opens a journal, and makes it if there is none.
    ///
    /// - Parameter patience: how long it is waited for, here and later, while another process keeps it locked.
    /// - Throws: ``JournalError``; nothing is overwritten then.
    package convenience init(
        _ folder: JournalFolder, patience: BusyPatience = BusyPatience()
    ) throws(JournalError) {
        try folder.prepare()
        let opening = try Self.takeOpening(folder, patience)
        defer { withExtendedLifetime(opening) {} }
        let (queue, mark) = try patience.whileBusy { () throws(JournalError) in try Self.open(folder) }
        self.init(queue, in: folder, mark: mark, patience)
    }

    /// A journal in a database that is ready: in memory, or one that is only read, unless it has a mark.
    init(
        _ queue: DatabaseQueue, in folder: JournalFolder = JournalFolder(":memory:"), mark: Mark? = nil,
        _ patience: BusyPatience = .none, attempts: KnownAttempts = KnownAttempts(),
        recentJobs: Int = 300
    ) {
        self.folder = folder
        self.queue = queue
        self.mark = mark
        self.patience = patience
        self.attempts = attempts
        self.recentJobs = recentJobs
    }

    /// The same journal for somebody who waits for it in another way while another process keeps it locked.
    package func with(_ patience: BusyPatience) -> Journal {
        Journal(queue, in: folder, mark: mark, patience, attempts: attempts, recentJobs: recentJobs)
    }

    /// Two processes that make a journal at the same time would both make its tables.
    private static func takeOpening(_ folder: JournalFolder, _ patience: BusyPatience) throws(JournalError) -> FileLock
    {
        let path = folder.locks + "/opening"
        return try patience.whileBusy { () throws(JournalError) in
            do throws(LockError) {
                if let lock = try FileLock.take(path) { return lock }
            } catch {
                throw JournalError(.readOnly, error.description)
            }
            throw JournalError(
                .busy, "the journal \(folder.path) is being opened by \(LockHolder.words(locking: path))")
        }
    }

    private static func open(_ folder: JournalFolder) throws(JournalError) -> (DatabaseQueue, Mark) {
        var configuration = Configuration()
        configuration.busyMode = busyMode
        if folder.isEmpty {
            // Before the first table: later SQLite would have to write the whole file anew. `baton prune` gives back pages.
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL") }
        }
        do {
            let queue = try DatabaseQueue(path: folder.database, configuration: configuration)
            // Not by the configuration: GRDB writes a table where there is no log yet, for which it needs the write lock.
            try queue.writeWithoutTransaction { database in
                let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
                guard mode == "wal" else {
                    throw JournalError(
                        .failed, "the journal \(folder.database) cannot have a log: its mode is \(mode ?? "?")")
                }
                try database.execute(sql: "PRAGMA synchronous = FULL")
            }
            try refuseNewer(queue, folder)
            // A journal that is up to date is opened without its write lock.
            if try !queue.read(migrator.hasCompletedMigrations) { try migrator.migrate(queue) }
            return (queue, try Mark(folder, queue))
        } catch let error as JournalError {
            throw error
        } catch {
            throw JournalError(error, path: folder.database)
        }
    }

    static func refuseNewer(_ queue: DatabaseQueue, _ folder: JournalFolder) throws {
        guard try queue.read(migrator.hasBeenSuperseded) else { return }
        throw JournalError(
            .newer, "the journal \(folder.database) was written by a newer version of Baton: use that one")
    }

    /// Runs something in a transaction that no other process writes beside. It is run again if the journal is busy: nothing
    /// has happened then.
    func write<Value>(_ updates: (Database) throws -> Value) throws(JournalError) -> Value {
        try patience.whileBusy { () throws(JournalError) in try writeOnce(updates) }
    }

    private func writeOnce<Value>(_ updates: (Database) throws -> Value) throws(JournalError) -> Value {
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
            attempts.rows.withLock { $0.removeAll() }
            throw (error as? JournalError) ?? JournalError(error, path: folder.database)
        }
    }

    func read<Value>(_ body: (Database) throws -> Value) throws(JournalError) -> Value {
        try patience.whileBusy { () throws(JournalError) in
            do {
                return try queue.read(body)
            } catch let error as JournalError {
                throw error
            } catch {
                throw JournalError(error, path: folder.database)
            }
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
