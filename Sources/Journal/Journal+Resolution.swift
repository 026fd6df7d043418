package import DataStudio
import GRDB
import JSON
package import Orchestration

/// What people say of runs that nobody holds.
extension Journal {
    /// Writes down what a person says of a step in doubt, of a run that no process holds but this one, whose lock it has.
    /// It takes the place of what was said before, as long as nobody has gone on from that.
    package func resolve(
        _ key: String, attempt: Int, _ resolution: Resolution, by: String, of run: String, at now: Timestamp
    ) throws(JournalError) {
        let body = RecordBody.resolved(resolution, by: by)
        try write { database in
            let tail = try Row.fetchCursor(
                database, sql: "SELECT seq, kind, key, attempt FROM records WHERE run = ? ORDER BY seq DESC",
                arguments: [run])
            while let row = try tail.next(), row["kind"] == body.kind {
                guard row["key"] == key, row["attempt"] == attempt else { continue }
                try database.execute(
                    sql: "UPDATE records SET payload = ? WHERE run = ? AND seq = ?",
                    arguments: [body.payload.jsonText, run, row["seq"] as Int])
                return try Self.rebuild(run, key, attempt, database)
            }
            _ = try append(body, key: key, attempt: attempt, to: run, at: now, database)
        }
    }

    /// Writes down what a person decides of what a run waits for that no process holds but this one, whose lock it has.
    ///
    /// - Parameter key: of the record that the run waits for.
    package func decide(_ key: String, _ decision: Decision, of run: String, at now: Timestamp) throws(JournalError) {
        try write { database in
            _ = try append(.answered(.decision(decision)), key: key, attempt: 1, to: run, at: now, database)
        }
    }

    /// Writes down that a run goes on differently. Its lock is held.
    ///
    /// - Parameter revision: the texts it goes on with, where they are others.
    package func retry(
        _ retrial: Retrial, revision: RunBeginning? = nil, of run: String, at now: Timestamp
    ) throws(JournalError) {
        try write { database in
            if let revision { try revise(run, revision, database) }
            _ = try append(.retried(retrial), key: "", attempt: 1, to: run, at: now, database)
        }
    }

    /// Makes the row of an attempt anew from its records.
    private static func rebuild(_ run: String, _ key: String, _ attempt: Int, _ database: Database) throws {
        let records = try Row.fetchAll(
            database,
            sql: """
                SELECT seq, key, attempt, kind, payload, at FROM records
                WHERE run = ? AND key = ? AND attempt = ? ORDER BY seq
                """,
            arguments: [run, key, attempt]
        ).map(Journal.record)
        guard var row = records.lazy.compactMap({ AttemptRow(run: run, $0) }).first else { return }
        for record in records { _ = row.take(record) }
        try update(row, database)
    }
}
