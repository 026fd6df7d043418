import GRDB
import Synchronization

/// Two small files beside the database, by which a journal is recognised that was restored from a backup or copied.
///
/// `mark` says how far the database had come: a database that is behind it, or that lies beside another file, is not the
/// one that was written last. `mark.time` says when `mark` was written: if something else has written it since, that was a
/// restore. Both are written after each commit of a start, without syncing: they may be behind the database, never before
/// it. A power cut may make them disagree; then a journal is taken for a restored one, which costs a look at the server's
/// list.
final class Mark: Sendable {
    /// What happens when a commit is shown, in this order. A process may die after each.
    enum Step: CaseIterable, Sendable {
        /// `mark.time` says that `mark` is being written.
        case announced
        /// `mark` says how far the database has come.
        case written
        /// `mark.time` says when that was.
        case dated
    }

    private let mark: MarkFile
    private let time: MarkFile
    /// The lock on the file is one for all threads of a process.
    private let turn = Mutex(())

    /// Compares, and notes a journal that was restored.
    init(_ folder: JournalFolder, _ queue: DatabaseQueue) throws {
        mark = try MarkFile(folder.mark)
        time = try MarkFile(folder.markTime)
        guard mark.lock(within: .milliseconds(100)) else {
            throw JournalError(.busy, "the file \(folder.mark) is locked by \(LockHolder.words(locking: folder.mark))")
        }
        defer { mark.unlock() }
        try compare(queue)
    }

    private func compare(_ queue: DatabaseQueue) throws {
        let (file, changed) = mark.status
        // Whatever stands in the file: it is a counter of commits.
        let shown = min(mark.read(1)?.first ?? 0, .max / 2)
        let noted = MarkTime(time)
        // All others are waited for only if there is something to note.
        guard try !queue.read({ try Self.isKnown(file, shown, changed, noted, $0) }) else {
            let current = MarkTime(changed: changed)
            if noted != current { _ = current.write(to: time) }
            return
        }
        var isDated = false
        try queue.writeWithoutTransaction { database in
            try database.inTransaction(.immediate) {
                let known = try Self.value("mark", database)
                let counter = try Self.value("counter", database) ?? 0
                isDated = try Self.value("mark_time", database) != nil
                // Former versions wrote no time. If one was written and is missing, these are other files.
                let fits = noted?.fits(changed) ?? !isDated
                // A new journal has nothing to have forgotten.
                if counter > 0, known != file || shown > counter || !fits {
                    try Self.noteRestored(database)
                }
                // A former version has noted a restore without that: one look at each workflow is enough from here on.
                if try Self.value("restored_to", database) != nil, try Self.value("restored_attempt", database) == nil {
                    try Self.noteLastAttempt(database)
                }
                try Self.set("counter", max(counter, shown), database)
                try Self.set("mark", file, database)
                return .commit
            }
        }
        // In this order: if the process dies in between, the signs of a restore are still there, and the database does not
        // know of a time that was never written.
        let current = MarkTime(changed: changed)
        guard noted == current || current.write(to: time), !isDated else { return }
        try queue.writeWithoutTransaction { database in
            try database.inTransaction(.immediate) {
                try Self.set("mark_time", 1, database)
                return .commit
            }
        }
    }

    /// True if the database knows everything that the files say, and nothing is to be noted.
    private static func isKnown(
        _ file: Int64, _ shown: Int64, _ changed: Int64, _ noted: MarkTime?, _ database: Database
    ) throws -> Bool {
        guard let noted, noted.fits(changed), try value("mark_time", database) != nil,
            try value("mark", database) == file, try shown <= value("counter", database) ?? -1
        else { return false }
        return try value("restored_to", database) == nil || value("restored_attempt", database) != nil
    }

    /// The database is an earlier one than was there before.
    static func noteRestored(_ database: Database) throws {
        try noteLastAttempt(database)
        try Journal.noteRestored(database)
    }

    /// Notes which attempts and runs the restored journal has: attempts by the order in which they were written, because clocks
    /// may be set. A run that began later by a clock that was set back counts as one of them, which is the safe side.
    private static func noteLastAttempt(_ database: Database) throws {
        try set("restored_attempt", try Int64.fetchOne(database, sql: "SELECT MAX(id) FROM attempts") ?? 0, database)
        try set("restored_began", try Int64.fetchOne(database, sql: "SELECT MAX(began) FROM runs") ?? -1, database)
    }

    static func value(_ name: String, _ database: Database) throws -> Int64? {
        try Int64.fetchOne(
            database.cachedStatement(sql: "SELECT value FROM meta WHERE name = ?"), arguments: [name])
    }

    static func set(_ name: String, _ value: Int64, _ database: Database) throws {
        try database.cachedStatement(
            sql: "INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
        ).execute(arguments: [name, value])
    }

    /// Counts one more commit, in its transaction.
    static func count(_ database: Database) throws -> Int64 {
        let next = try min(value("counter", database) ?? 0, .max / 2) + 1
        try set("counter", next, database)
        return next
    }

    /// Shows how far the database has come; it has been committed.
    ///
    /// - Parameter last: where it stops.
    func show(_ counter: Int64, upTo last: Step = .dated) {
        turn.withLock { _ in
            // Where the lock cannot be had the files stay behind, as they may.
            guard mark.lock(within: .milliseconds(100)) else { return }
            defer { mark.unlock() }
            let changed = mark.status.changed
            guard let noted = MarkTime(time), noted.fits(changed) else {
                // A backup was copied over the journal while this process has it open. Whoever opens it next must see that.
                mark.write([counter])
                return
            }
            guard MarkTime(changed: changed, writing: MarkTime.now).write(to: time), last != .announced else { return }
            guard mark.write([counter]), last != .written else { return }
            _ = MarkTime(changed: mark.status.changed).write(to: time)
        }
    }
}
