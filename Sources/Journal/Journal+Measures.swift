import GRDB
package import Orchestration

/// What is counted over all runs.
extension Journal {
    /// Adds to what is kept, or replaces it.
    ///
    /// - Parameters:
    ///   - added: by how much each grows.
    ///   - set: what each is from now on.
    package func keep(adding added: [Measure], setting set: [Measure]) throws(JournalError) {
        guard !(added.isEmpty && set.isEmpty) else { return }
        try write { database in
            for (measures, update) in [(added, "value + excluded.value"), (set, "excluded.value")] {
                let statement = try database.cachedStatement(
                    sql: """
                        INSERT INTO measures VALUES (?, ?, ?, ?)
                        ON CONFLICT (script, name, label) DO UPDATE SET value = \(update)
                        """)
                for measure in measures {
                    try statement.execute(arguments: [measure.path, measure.name, measure.label, measure.value])
                }
            }
        }
    }

    /// Everything that metrics tell: what is kept, runs by status, the last run of each script, jobs in flight.
    ///
    /// - Parameter exitCode: of a run that ended so: with that status, signal and suspicions.
    package func measures(exitCode: (RunEnd) -> Int32) throws(JournalError) -> [Measure] {
        try read { database in
            var measures = try Row.fetchAll(database, sql: "SELECT name, script, label, value FROM measures").map {
                row in
                Measure(row[0], path: row[1], label: row[2], row[3])
            }
            measures += try Row.fetchAll(
                database,
                sql: "SELECT path, COALESCE(status, 'running'), COUNT(*) FROM runs WHERE fate = 'open' GROUP BY 1, 2"
            ).map { Measure("baton_runs_unfinished", path: $0[0], label: $0[1], $0[2]) }
            for path in try Self.distinct("path", in: "runs", database) {
                measures += try Self.lastRun(of: path, exitCode, database)
            }
            measures += try Self.jobsInFlight(database)
            return measures
        }
    }

    /// What is told of the newest run of a script that has ended, and of the last that succeeded.
    private static func lastRun(
        of path: String, _ exitCode: (RunEnd) -> Int32, _ database: Database
    ) throws -> [Measure] {
        var measures: [Measure] = []
        let last = try Row.fetchOne(
            database,
            sql: """
                SELECT status, signal, updated - began, id FROM runs WHERE path = ? AND fate = 'ended'
                ORDER BY began DESC LIMIT 1
                """,
            arguments: [path])
        if let last, let status = (last[0] as String?).flatMap({ RunStatus(rawValue: $0) }) {
            var end = RunEnd(status: status)
            end.signal = (last[1] as Int64?).flatMap { Int32(exactly: $0) }
            end.suspicions = try suspicions(of: last[3], sinceRetry: true, database)
            measures.append(Measure("baton_last_run_exit_code", path: path, Double(exitCode(end))))
            measures.append(Measure("baton_last_run_duration_seconds", path: path, (last[2] as Double) / 1000))
        }
        let success = try Double.fetchOne(
            database, sql: "SELECT MAX(updated) FROM runs WHERE path = ? AND status = 'succeeded'",
            arguments: [path])
        if let success {
            measures.append(Measure("baton_last_success_timestamp_seconds", path: path, success / 1000))
        }
        return measures
    }

    /// The jobs of unfinished runs, for each server that has ever had one.
    private static func jobsInFlight(_ database: Database) throws -> [Measure] {
        // What is not settled is little, and has an index of its own.
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT attempts.server, COUNT(*) FROM attempts CROSS JOIN runs ON runs.id = attempts.run
                WHERE attempts.state NOT IN ('over', 'void') AND attempts.state = 'accepted' AND runs.fate = 'open'
                GROUP BY attempts.server
                """)
        let counts = Dictionary(uniqueKeysWithValues: rows.map { ($0[0] as String, $0[1] as Double) })
        return try distinct("server", in: "attempts", database).map { server in
            Measure("baton_jobs_in_flight", label: server, counts[server] ?? 0)
        }
    }

    /// The values of a column that an index begins with, each by one look at the index: `DISTINCT` reads every row.
    private static func distinct(_ column: String, in table: String, _ database: Database) throws -> [String] {
        var values: [String] = []
        let first = try database.cachedStatement(sql: "SELECT MIN(\(column)) FROM \(table)")
        let next = try database.cachedStatement(sql: "SELECT MIN(\(column)) FROM \(table) WHERE \(column) > ?")
        var value = try String.fetchOne(first)
        while let current = value {
            values.append(current)
            value = try String.fetchOne(next, arguments: [current])
        }
        return values
    }
}
