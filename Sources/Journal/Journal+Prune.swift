package import DataStudio
import GRDB
import Orchestration

/// Forgetting what is old.
extension Journal {
    /// No job runs for longer: one that was never seen to end is not waited for any more.
    private static let longestJob = Duration.seconds(30 * 86_400)

    /// Forgets runs that have ended, or were abandoned, before a time. Those whose jobs were not seen to end are kept for 30
    /// days in any case: their workflows must not be started beside them. What tells which jobs belong to whom is kept for as
    /// long as a run that is not finished is older.
    ///
    /// - Returns: how many runs were forgotten.
    package func prune(before time: Timestamp, now: Timestamp) throws(JournalError) -> Int {
        let count = try write { database in
            let oldest = try Int64.fetchOne(database, sql: "SELECT MIN(began) FROM runs WHERE fate = 'open'") ?? .max
            let bound = min(time.milliseconds, oldest)
            let long = (now + (.zero - Self.longestJob)).milliseconds
            let old = """
                SELECT id FROM runs WHERE fate <> 'open' AND updated < ? AND (updated < \(long) OR NOT EXISTS (
                  SELECT 1 FROM attempts WHERE run = runs.id AND (\(Self.mayRun) OR state = 'dismissed')))
                """
            let count = try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM (\(old))", arguments: [bound]) ?? 0
            try database.execute(sql: "DELETE FROM attempts WHERE run IN (\(old))", arguments: [bound])
            try database.execute(sql: "DELETE FROM runs WHERE id IN (\(old))", arguments: [bound])
            try database.execute(
                sql: """
                    DELETE FROM scripts WHERE hash NOT IN (SELECT text FROM runs UNION SELECT text FROM modules)
                    """)
            return count
        }
        do {
            try queue.vacuum()
        } catch {
            throw JournalError(error, path: folder.database)
        }
        return count
    }
}
