package import DataStudio
import Foundation
import GRDB
import Orchestration

/// Forgetting what is old, a little at a time: between two transactions everybody else can write. What was interrupted is
/// finished by the next call.
extension Journal {
    /// No job runs for longer: one that was never seen to end is not waited for any more.
    private static let longestJob = Duration.seconds(30 * 86_400)
    /// How many runs are forgotten in one transaction at most.
    private static let runsAtOnce = 100
    /// How many records, or attempts, are forgotten in one transaction at most.
    private static let recordsAtOnce = 500
    /// How many pages are given back to the file system in one transaction at most.
    private static let pagesAtOnce = 256

    /// The runs that may be forgotten, of those that are behind `:updated`, `:number`. Those whose jobs were not seen to end
    /// are kept for 30 days in any case: their workflows must not be started beside them.
    private static let old = """
        fate <> 'open' AND updated < :bound AND (updated < :long OR NOT EXISTS (
          SELECT 1 FROM attempts WHERE run = runs.id AND (\(mayRun) OR state = 'dismissed')))
        """

    /// Forgets runs that have ended, or were abandoned, before a time. What tells which jobs belong to whom is kept for as
    /// long as a run that is not finished is older.
    ///
    /// - Returns: how many runs were forgotten.
    package func prune(before time: Timestamp, now: Timestamp) throws(JournalError) -> Int {
        let long = (now + (.zero - Self.longestJob)).milliseconds
        var count = 0
        var (updated, number) = (Int64.min, Int64.min)
        while true {
            let runs = try read { database in
                try Row.fetchAll(
                    database.cachedStatement(
                        sql: """
                            SELECT id, updated, rowid, (SELECT MAX(seq) FROM records WHERE run = runs.id) FROM runs
                            WHERE (updated, rowid) > (:updated, :number) AND \(Self.old)
                            ORDER BY updated, rowid LIMIT \(Self.runsAtOnce)
                            """),
                    arguments: [
                        "updated": updated, "number": number, "long": long, "bound": try Self.bound(time, database),
                    ]
                ).map { row in
                    (
                        id: row[0] as String, updated: row[1] as Int64, number: row[2] as Int64,
                        records: row[3] as Int? ?? 0
                    )
                }
            }
            guard let last = runs.last else { break }
            (updated, number) = (last.updated, last.number)
            var batch: [String] = []
            var records = 0
            for run in runs {
                // A long log is shortened first.
                if run.records > Self.recordsAtOnce { try shorten(run.id, before: time, long) }
                batch.append(run.id)
                records += min(run.records, Self.recordsAtOnce)
                guard records >= Self.recordsAtOnce else { continue }
                count += try forget(batch, before: time, long)
                (batch, records) = ([], 0)
            }
            count += try forget(batch, before: time, long)
        }
        try forgetScripts()
        try giveBackPages()
        return count
    }

    /// Nothing is forgotten that is younger than an unfinished run.
    private static func bound(_ time: Timestamp, _ database: Database) throws -> Int64 {
        let statement = try database.cachedStatement(sql: "SELECT MIN(began) FROM runs WHERE fate = 'open'")
        return try min(time.milliseconds, Int64.fetchOne(statement) ?? .max)
    }

    /// Runs a transaction, and leaves everybody else as much time as it took.
    private func writeAndPause<Value>(_ body: (Database) throws -> Value) throws(JournalError) -> Value {
        let began = ContinuousClock.now
        let value = try write(body)
        Thread.sleep(forTimeInterval: max(0.001, (ContinuousClock.now - began).seconds))
        return value
    }

    /// True if a run is still one that may be forgotten.
    private static func isOld(_ run: String, _ time: Timestamp, _ long: Int64, _ database: Database) throws -> Bool {
        let statement = try database.cachedStatement(
            sql: "SELECT EXISTS (SELECT 1 FROM runs WHERE id = :run AND \(old))")
        return try Bool.fetchOne(
            statement, arguments: ["run": run, "long": long, "bound": try bound(time, database)]) ?? false
    }

    private func forget(_ runs: [String], before time: Timestamp, _ long: Int64) throws(JournalError) -> Int {
        guard !runs.isEmpty else { return 0 }
        return try writeAndPause { database in
            let attempts = try database.cachedStatement(sql: "DELETE FROM attempts WHERE run = ?")
            let row = try database.cachedStatement(sql: "DELETE FROM runs WHERE id = ?")
            var count = 0
            for run in runs where try Self.isOld(run, time, long, database) {
                try attempts.execute(arguments: [run])
                try row.execute(arguments: [run])
                count += 1
            }
            return count
        }
    }

    /// Forgets most of a long log, from its end: what is left is a beginning of it. First the run is abandoned, so that
    /// nobody can retry it without its log.
    private func shorten(_ run: String, before time: Timestamp, _ long: Int64) throws(JournalError) {
        let isOld = try writeAndPause { database in
            guard try Self.isOld(run, time, long, database) else { return false }
            // What is not settled would be waited for in an abandoned run.
            try database.execute(
                sql: "DELETE FROM attempts WHERE run = ? AND state NOT IN ('over', 'void')", arguments: [run])
            try database.execute(
                sql: "UPDATE runs SET fate = 'abandoned', note = 'baton prune has forgotten a part of it' WHERE id = ?",
                arguments: [run])
            return true
        }
        guard isOld else { return }
        var isShort = false
        while !isShort {
            isShort = try writeAndPause { database in
                try database.execute(
                    sql: "DELETE FROM attempts WHERE id IN (SELECT id FROM attempts WHERE run = ? LIMIT ?)",
                    arguments: [run, Self.recordsAtOnce])
                if database.changesCount > 0 { return false }
                let last = try Int.fetchOne(
                    database, sql: "SELECT MAX(seq) FROM records WHERE run = ?", arguments: [run])
                guard let last, last > Self.recordsAtOnce else { return true }
                try database.execute(
                    sql: "DELETE FROM records WHERE run = ? AND seq > ?", arguments: [run, last - Self.recordsAtOnce])
                // Numbers of a damaged log may have gaps.
                return database.changesCount == 0
            }
        }
    }

    /// Forgets the texts that no run has.
    private func forgetScripts() throws(JournalError) {
        let isUnused = """
            NOT EXISTS (SELECT 1 FROM runs WHERE runs.text = hash)
            AND NOT EXISTS (SELECT 1 FROM modules WHERE modules.text = hash)
            """
        var last = ""
        while true {
            let unused = try read { database in
                try String.fetchAll(
                    database,
                    sql: "SELECT hash FROM scripts WHERE hash > ? AND \(isUnused) ORDER BY hash LIMIT ?",
                    arguments: [last, Self.runsAtOnce])
            }
            guard let next = unused.last else { return }
            last = next
            try writeAndPause { database in
                let delete = try database.cachedStatement(sql: "DELETE FROM scripts WHERE hash = ? AND \(isUnused)")
                for hash in unused { try delete.execute(arguments: [hash]) }
            }
        }
    }

    /// Makes the file shorter. In journals that an older version made, SQLite uses the pages again instead.
    private func giveBackPages() throws(JournalError) {
        var before = Int.max
        while true {
            let free = try read { try Int.fetchOne($0, sql: "PRAGMA freelist_count") ?? 0 }
            guard free > 0, free < before else { return }
            before = free
            try writeAndPause { try $0.execute(sql: "PRAGMA incremental_vacuum(\(Self.pagesAtOnce))") }
        }
    }
}
