package import DataStudio
import GRDB
package import Orchestration

/// Runs that wait for their turn in their line. Such a run begins once, or is closed once: each statement asks whether it still
/// waits, as another process may have closed it.
extension Journal {
    /// A run that waits begins.
    ///
    /// - Returns: its row as it is now; `nil` if it does not wait any more.
    package func begin(waiting id: String, at now: Timestamp) throws(JournalError) -> RunRow? {
        try write { database in
            try database.execute(
                sql: """
                    UPDATE runs SET waiting = 0, began = ?, updated = ?
                    WHERE id = ? AND fate = 'open' AND waiting = 1
                    """,
                arguments: [now.milliseconds, now.milliseconds, id])
            guard database.changesCount == 1 else { return nil }
            try Self.beginLife(of: id, at: now, database)
            return try Row.fetchOne(
                database, sql: "SELECT \(RunRow.columns) FROM runs WHERE id = ?", arguments: [id]
            ).map(RunRow.init)
        }
    }

    /// A run that waits never begins.
    ///
    /// - Parameters:
    ///   - status: `cancelled` if a person has cancelled it.
    ///   - note: why.
    /// - Returns: false if it does not wait any more.
    @discardableResult
    package func close(
        waiting id: String, _ status: RunStatus? = nil, note: String, at now: Timestamp
    ) throws(JournalError) -> Bool {
        try write { database in
            try database.execute(
                sql: """
                    UPDATE runs SET fate = 'abandoned', status = ?, note = ?, updated = ?
                    WHERE id = ? AND fate = 'open' AND waiting = 1
                    """,
                arguments: [status?.rawValue, note, now.milliseconds, id])
            return database.changesCount == 1
        }
    }

    /// Closes all runs of a line that wait, but for this one.
    static func replaceWaiting(by row: RunRow, _ database: Database) throws {
        try database.execute(
            sql: """
                UPDATE runs SET fate = 'abandoned', status = NULL, note = ?, updated = ?
                WHERE line = ? AND fate = 'open' AND waiting = 1 AND id <> ?
                """,
            arguments: ["replaced by run \(row.id)", row.began.milliseconds, row.line, row.id])
    }
}
