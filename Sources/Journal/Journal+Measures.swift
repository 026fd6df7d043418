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
                    try statement.execute(arguments: [measure.script, measure.name, measure.label, measure.value])
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
                Measure(row[0], script: row[1], label: row[2], row[3])
            }
            measures += try Row.fetchAll(
                database,
                sql: "SELECT script, COALESCE(status, 'running'), COUNT(*) FROM runs WHERE fate = 'open' GROUP BY 1, 2"
            ).map { Measure("baton_runs_unfinished", script: $0[0], label: $0[1], $0[2]) }
            // Of each script the newest that has ended; SQLite takes the other columns from the row with the maximum.
            let last = try Row.fetchAll(
                database,
                sql: """
                    SELECT script, status, signal, updated - began, MAX(began), id FROM runs
                    WHERE fate = 'ended' GROUP BY script
                    """)
            for row in last {
                guard let status = (row[1] as String?).flatMap({ RunStatus(rawValue: $0) }) else { continue }
                let script: String = row[0]
                var end = RunEnd(status: status)
                end.signal = (row[2] as Int64?).flatMap { Int32(exactly: $0) }
                end.suspicions = try Self.suspicions(of: row[5], sinceRetry: true, database)
                measures.append(Measure("baton_last_run_exit_code", script: script, Double(exitCode(end))))
                measures.append(
                    Measure("baton_last_run_duration_seconds", script: script, (row[3] as Double) / 1000))
            }
            measures += try Row.fetchAll(
                database,
                sql: "SELECT script, MAX(updated) FROM runs WHERE status = 'succeeded' GROUP BY script"
            ).map { Measure("baton_last_success_timestamp_seconds", script: $0[0], ($0[1] as Double) / 1000) }
            measures += try Row.fetchAll(
                database,
                sql: """
                    SELECT attempts.server, SUM(attempts.state = 'accepted' AND runs.fate = 'open')
                    FROM attempts JOIN runs ON runs.id = attempts.run GROUP BY 1
                    """
            ).map { Measure("baton_jobs_in_flight", label: $0[0], $0[1]) }
            return measures
        }
    }
}
