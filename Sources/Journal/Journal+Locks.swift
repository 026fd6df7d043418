package import DataStudio
import GRDB
package import Orchestration

/// Locks and pools: which blocks of which runs hold them, and who waits. The rules are ``LockTable``'s.
extension Journal {
    /// Takes what a block wants to hold, if it may.
    ///
    /// - Parameters:
    ///   - findsDeadlocks: true if it is to be seen whether it would wait for ever, for which the rows of all names are read.
    ///   - isLive: whether a process holds a run.
    package func take(
        _ request: LockRequest, of run: String, at now: Timestamp, findsDeadlocks: Bool, isLive: (String) -> Bool
    ) throws(JournalError) -> LockVerdict {
        // Whoever waits looks often: only what changes something is a transaction that writes.
        let (seen, isAnyFree) = try read { database in
            let rows = try Self.locks(named: request.name, database)
            return (rows, try rows.contains { try $0.state == .left && !Self.mayRun(in: $0, database) })
        }
        if let own = seen.first(where: { $0.isOf(run, request.key) }), !isAnyFree {
            let verdict = Self.verdict(for: own, in: seen, isLive: isLive)
            guard verdict == .taken else {
                return findsDeadlocks ? try verdict.orDeadlock(of: own, in: allLocks(), isLive: isLive) : verdict
            }
        }
        return try write { database in
            try Self.add([.wait(request, since: now)], of: run, database)
            for row in try Self.locks(named: request.name, database)
            where row.state == .left && !row.isOf(run, request.key) {
                if try !Self.mayRun(in: row, database) { try Self.remove(row, database) }
            }
            try database.cachedStatement(
                sql: """
                    UPDATE locks SET turn = (SELECT ifnull(max(turn), 0) + 1 FROM locks WHERE name = ? AND turn IS NOT NULL)
                    WHERE run = ? AND key = ? AND name = ? AND turn IS NULL
                    """
            ).execute(arguments: [request.name, run, request.key, request.name])
            let rows = try Self.locks(named: request.name, database)
            guard let own = rows.first(where: { $0.isOf(run, request.key) }) else { return .waits(for: []) }
            let verdict = Self.verdict(for: own, in: rows, isLive: isLive)
            guard verdict == .taken else { return verdict }
            try database.cachedStatement(
                sql: "UPDATE locks SET state = 'held', since = ? WHERE run = ? AND key = ? AND name = ?"
            ).execute(arguments: [now.milliseconds, run, request.key, request.name])
            return .taken
        }
    }

    /// Whether a block may hold what it wants, by the rows of its name.
    private static func verdict(for own: LockRow, in rows: [LockRow], isLive: (String) -> Bool) -> LockVerdict {
        withoutActuallyEscaping(isLive) { LockTable(rows, isLive: $0).verdict(for: own) }
    }

    /// What blocks hold or wait for, of all runs, by name.
    package func allLocks() throws(JournalError) -> [LockRow] {
        try read { try Row.fetchAll($0, sql: "\(Self.lockColumns) ORDER BY name, since, run, key").map(Self.lock) }
    }

    /// What the blocks of a run hold or wait for.
    package func locks(of run: String) throws(JournalError) -> [LockRow] {
        try read { database in
            try Row.fetchAll(database, sql: "\(Self.lockColumns) WHERE run = ? ORDER BY since, key", arguments: [run])
                .map(Self.lock)
        }
    }

    /// The attempts in a block whose jobs may run, or of which nobody knows whether they were started.
    package func attempts(in row: LockRow) throws(JournalError) -> [AttemptRow] {
        try read { database in
            try Row.fetchAll(
                database, sql: "\(Self.selection) WHERE \(Self.isWithin) AND attempts.\(Self.mayRun)",
                arguments: Self.arguments(of: row)
            ).map(AttemptRow.init)
        }
    }

    /// Gives back what blocks hold that are over, whatever may still run of what they have started.
    ///
    /// - Parameter person: who wants it; it is kept with the run.
    /// - Returns: what they held.
    package func unlock(_ name: String, of run: String, by person: String) throws(JournalError) -> [LockRow] {
        try write { database in
            try database.execute(
                sql: "UPDATE runs SET note = ifnull(note || '; ', '') || ? WHERE id = ?",
                arguments: ["\(person) gave back \"\(name)\"", run])
            let rows = try Self.locks(named: name, database).filter { $0.run == run && $0.state == .left }
            for row in rows { try Self.remove(row, database) }
            return rows
        }
    }

    // MARK: With the log

    static func add(_ changes: [Commit.LockChange], of run: String, _ database: Database) throws {
        for change in changes {
            switch change {
            case .wait(let request, let since):
                // By another text of the script the block at that place may have had another name.
                for row in try locks(of: run, request.key, database)
                where row.request.name != request.name && row.state != .left {
                    try release(row, database)
                }
                try database.cachedStatement(
                    sql: "INSERT OR IGNORE INTO locks VALUES (?, ?, ?, ?, ?, ?, NULL, 'waiting')"
                ).execute(arguments: [
                    run, request.key, request.name, request.size, request.place, since.milliseconds,
                ])
            case .release(let key): try release(run, key, database)
            case .only(let keys): try releaseLocks(of: run, but: keys, database)
            }
        }
    }

    /// Blocks of a run have ended: all of them, if the run has ended or was abandoned.
    static func releaseLocks(of run: String, but open: Set<String> = [], _ database: Database) throws {
        let statement = try database.cachedStatement(sql: "SELECT DISTINCT key FROM locks WHERE run = ?")
        for key in try String.fetchAll(statement, arguments: [run]) where !open.contains(key) {
            try release(run, key, database)
        }
    }

    /// A block is over. What it has started and left running keeps its lock.
    private static func release(_ run: String, _ key: String, _ database: Database) throws {
        for row in try locks(of: run, key, database) { try release(row, database) }
    }

    private static func release(_ row: LockRow, _ database: Database) throws {
        guard row.state != .waiting, try mayRun(in: row, database) else { return try remove(row, database) }
        try database.cachedStatement(sql: "UPDATE locks SET state = 'left' WHERE run = ? AND key = ? AND name = ?")
            .execute(arguments: [row.run, row.request.key, row.request.name])
    }

    private static func remove(_ row: LockRow, _ database: Database) throws {
        try database.cachedStatement(sql: "DELETE FROM locks WHERE run = ? AND key = ? AND name = ?")
            .execute(arguments: [row.run, row.request.key, row.request.name])
    }

    // MARK: Rows

    private static let lockColumns = "SELECT run, key, name, size, place, since, turn, state FROM locks"

    /// Who holds it, and of each run who waits first: those behind have no turn, and there may be thousands.
    private static func locks(named name: String, _ database: Database) throws -> [LockRow] {
        let statement = try database.cachedStatement(sql: "\(lockColumns) WHERE name = ? AND turn IS NOT NULL")
        return try Row.fetchAll(statement, arguments: [name]).map(lock)
    }

    /// Of the block at a place: more than one where the script has been edited, and jobs of the former one may run.
    private static func locks(of run: String, _ key: String, _ database: Database) throws -> [LockRow] {
        let statement = try database.cachedStatement(sql: "\(lockColumns) WHERE run = ? AND key = ?")
        return try Row.fetchAll(statement, arguments: [run, key]).map(lock)
    }

    private static func lock(_ row: Row) throws -> LockRow {
        guard let state = LockRow.State(rawValue: row[7]) else {
            throw JournalError(.damaged, "the state of a lock cannot be read: \(row[7] as String)")
        }
        return LockRow(
            run: row[0], LockRequest(name: row[2], size: row[3], key: row[1], place: row[4]),
            since: Timestamp(milliseconds: row[5]), turn: row[6], state: state)
    }

    /// The attempts whose keys lie below that of a block: `0` follows `/`.
    private static let isWithin = "attempts.run = ? AND attempts.key > ? AND attempts.key < ?"

    private static func arguments(of row: LockRow) -> StatementArguments {
        [row.run, row.request.key + "/", row.request.key + "0"]
    }

    private static func mayRun(in row: LockRow, _ database: Database) throws -> Bool {
        let statement = try database.cachedStatement(
            sql: "SELECT EXISTS (SELECT 1 FROM attempts WHERE \(isWithin) AND \(mayRun))")
        return try Bool.fetchOne(statement, arguments: arguments(of: row)) ?? false
    }
}

extension LockVerdict {
    /// The same, but for a block that would wait for ever.
    fileprivate func orDeadlock(of own: LockRow, in rows: [LockRow], isLive: (String) -> Bool) -> LockVerdict {
        // Only who holds something can be waited for.
        guard case .waits = self, rows.contains(where: { $0.run == own.run && $0.state == .held }) else { return self }
        return withoutActuallyEscaping(isLive) {
            LockTable(rows, isLive: $0).deadlock(in: own.run, of: own.request.name)
        } ?? self
    }
}
