import DataStudio
import Foundation
import GRDB
import Orchestration

/// The record of all runs on SQLite. Several processes may have it open; a run's log is written by one, which holds its
/// lock.
///
/// A commit is durable when it returns: WAL, `synchronous = FULL`.
package final class Journal: Sendable {
    /// Where it lies.
    package let folder: JournalFolder
    let queue: DatabaseQueue
    let mark: Mark

    /// Opens a journal, and makes it if there is none.
    ///
    /// - Throws: ``JournalError``; nothing is overwritten then.
    package init(_ folder: JournalFolder) throws(JournalError) {
        self.folder = folder
        try folder.prepare()
        var configuration = Configuration()
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
        }
        do {
            queue = try DatabaseQueue(path: folder.database, configuration: configuration)
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
        } catch let error as JournalError {
            throw error
        } catch {
            throw JournalError(error, path: folder.database)
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

    /// Closes the file.
    package func close() throws(JournalError) {
        do {
            try queue.close()
        } catch {
            throw JournalError(error, path: folder.database)
        }
    }
}
