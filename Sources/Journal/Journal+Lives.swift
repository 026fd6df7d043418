import DataStudio
import GRDB
package import Orchestration

/// The lives of runs: a row for each process that held one.
extension Journal {
    /// Of a run that is resumed every few minutes while its server is away, so many are kept.
    private static let keptLives = 100

    /// The lives of a run, the first one first.
    package func lives(of run: String) throws(JournalError) -> [RunLife] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT number, began, ended, status FROM lives WHERE run = ? ORDER BY number")
            return try Row.fetchAll(statement, arguments: [run]).map { row in
                RunLife(
                    number: row[0], began: Timestamp(milliseconds: row[1]),
                    ended: (row[2] as Int64?).map { Timestamp(milliseconds: $0) },
                    status: (row[3] as String?).flatMap { RunStatus(rawValue: $0) })
            }
        }
    }

    static func beginLife(of run: String, at now: Timestamp, _ database: Database) throws {
        try database.cachedStatement(
            sql: "INSERT INTO lives SELECT ?, ifnull(MAX(number), 0) + 1, ?, NULL, NULL FROM lives WHERE run = ?"
        ).execute(arguments: [run, now.milliseconds, run])
        try database.cachedStatement(
            sql: "DELETE FROM lives WHERE run = ? AND number <= (SELECT MAX(number) FROM lives WHERE run = ?) - ?"
        ).execute(arguments: [run, run, keptLives])
    }

    static func endLife(of run: String, _ status: RunStatus?, at now: Timestamp, _ database: Database) throws {
        try database.cachedStatement(
            sql: """
                UPDATE lives SET ended = ?, status = ?
                WHERE run = ? AND ended IS NULL AND number = (SELECT MAX(number) FROM lives WHERE run = ?)
                """
        ).execute(arguments: [now.milliseconds, status?.rawValue, run, run])
    }
}
