import DataStudio
import GRDB
import JSON
package import Orchestration

/// What the journal knows of the gates that starts go through.
extension Journal {
    /// What is known of a gate. To be asked by whoever holds it.
    ///
    /// - Parameters:
    ///   - run: the run that holds it.
    ///   - earlier: the last attempt that there was when the process asked before: it remembers what belonged to steps then,
    ///     see ``KnownJobs``.
    ///   - isLive: whether a process holds a run.
    package func state(
        of gate: Gate, for run: String, since earlier: Int64? = nil, isLive: (String) -> Bool
    ) throws(JournalError) -> GateState {
        try read { database in
            let unsettled = try database.cachedStatement(
                sql: "\(Self.selection) WHERE attempts.server = ? AND attempts.label = ? "
                    + "AND attempts.state NOT IN ('over', 'void') "
                    // What runs for the run itself is in nobody's way: `owned` has it.
                    + "AND NOT (attempts.run = ? AND attempts.state = 'accepted')")
            let rows = try Row.fetchAll(unsettled, arguments: [gate.server, gate.label, run]).map(AttemptRow.init)
            let fates = try Self.fates(of: Set(rows.map(\.run)), database)
            // Each is looked at once: that takes a file and its lock.
            let standings = Dictionary(
                uniqueKeysWithValues: Set(rows.map(\.run)).map { run in
                    (run, RunStanding(fates[run] ?? .ended, isLive: fates[run] == .open && isLive(run)))
                })
            var state = GateState(gate, rows: rows, run: run) { standings[$0] ?? RunStanding(.ended, isLive: false) }
            state.owned = try self.owned(gate, since: earlier, database)
            state.lastAttempt = try Self.lastKnown(gate, database)
            state.isRestored = try Self.isRestored(gate, for: run, database)
            return state
        }
    }

    /// How many of a workflow's jobs are looked at where one of 26 hours may be meant.
    private static let mostJobs = 10_000
    /// How many are looked at again of those of which nobody had seen when they were made: a server may never tell.
    private static let mostUnseen = 300
    /// A job, and of one that nobody has seen what was known before it was started.
    private static let jobColumns = """
        job, created, created_to, user, CASE WHEN created IS NULL THEN (
          SELECT json_extract(payload, '$.evidence.newest') FROM records
          WHERE records.run = attempts.run AND records.seq = attempts.seq) END
        """

    /// The workflow's jobs that belong to steps and may be in a window of doubt: the last ones, and all since the oldest
    /// start that is not settled. By the order in which they were written, as clocks may be set.
    private func owned(_ gate: Gate, since earlier: Int64?, _ database: Database) throws -> [WatchedJob] {
        let names = ["server": gate.server, "label": gate.label]
        let next = earlier.map { $0 + 1 } ?? .max
        let isInDoubt = try Bool.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT EXISTS (SELECT 1 FROM attempts WHERE server = :server AND label = :label AND state = 'open'
                      AND state NOT IN ('over', 'void'))
                    """), arguments: StatementArguments(names))
        let lastJobs = earlier == nil || isInDoubt == true ? Self.mostJobs : recentJobs
        let statement = try database.cachedStatement(
            sql: """
                SELECT \(Self.jobColumns) FROM attempts
                WHERE server = :server AND label = :label AND job IS NOT NULL AND id >= min(:next, ifnull((
                  SELECT id FROM attempts WHERE server = :server AND label = :label AND id <= ifnull((
                    SELECT MIN(id) FROM attempts WHERE server = :server AND label = :label AND state = 'open'
                      AND state NOT IN ('over', 'void')), 9223372036854775807)
                  ORDER BY id DESC LIMIT 1 OFFSET \(lastJobs)), 0))
                """)
        let rows = try Row.fetchAll(statement, arguments: StatementArguments(names) &+ ["next": next])
        return rows.compactMap { row in
            // Nobody has seen it yet: what was known before it was started tells whether its id may be another job's by now.
            let newest = (row[4] as String?).flatMap { try? JobIdentity(payload: JSON(parsing: Array($0.utf8))) }
            return Self.identity(job: row[0], from: row[1], to: row[2], user: row[3], label: gate.label)
                .map { WatchedJob($0, newest: newest) }
        }
    }

    /// The last attempt at a gate up to which all is known that there is to know: of later ones the job, or its time, was
    /// not.
    private static func lastKnown(_ gate: Gate, _ database: Database) throws -> Int64 {
        let statement = try database.cachedStatement(
            sql: """
                SELECT min(
                  ifnull((SELECT MIN(id) - 1 FROM (
                    SELECT id FROM attempts WHERE server = :server AND label = :label
                      AND job IS NOT NULL AND created IS NULL ORDER BY id DESC LIMIT \(mostUnseen))), 9223372036854775807),
                  ifnull((SELECT MIN(id) - 1 FROM attempts WHERE server = :server AND label = :label
                    AND state IN ('open', 'ambiguous') AND state NOT IN ('over', 'void')), 9223372036854775807),
                  ifnull((SELECT MAX(id) FROM attempts), 0))
                """)
        return try Int64.fetchOne(statement, arguments: ["server": gate.server, "label": gate.label]) ?? 0
    }

    /// A job as the columns of an attempt have it.
    static func identity(job: String?, from: Int64?, to: Int64?, user: String?, label: String?) -> JobIdentity? {
        guard let job else { return nil }
        let created = from.map {
            ClosedRange(from: Timestamp(milliseconds: $0), to: to.map { Timestamp(milliseconds: $0) })
        }
        return JobIdentity(JobID(job), label: label, user: user, created: created)
    }

    /// True if the journal was restored, and nothing has been started at the gate since. What is in doubt, or did not happen, is
    /// no start.
    ///
    /// A run that the backup has may have started each of its steps after the backup. So each is examined until a person has
    /// decided about one: such a decision is about all jobs that were listed.
    private static func isRestored(_ gate: Gate, for run: String, _ database: Database) throws -> Bool {
        guard let attempt = try Mark.value("restored_attempt", database) else { return false }
        let began = try Mark.value("restored_began", database)
        let statement = try database.cachedStatement(
            sql: """
                SELECT NOT EXISTS (
                  SELECT 1 FROM attempts WHERE server = :server AND label = :label AND id > :attempt
                  AND CASE WHEN EXISTS (SELECT 1 FROM runs WHERE id = :run AND began <= :began)
                    THEN state = 'dismissed' ELSE state NOT IN ('ambiguous', 'void') END)
                """)
        let arguments: StatementArguments = [
            "server": gate.server, "label": gate.label, "attempt": attempt, "run": run, "began": began,
        ]
        return try Bool.fetchOne(statement, arguments: arguments) ?? false
    }

    private static func fates(of runs: Set<String>, _ database: Database) throws -> [String: RunFate] {
        var fates: [String: RunFate] = [:]
        for run in runs {
            let text = try String.fetchOne(database, sql: "SELECT fate FROM runs WHERE id = ?", arguments: [run])
            fates[run] = text.flatMap { RunFate(rawValue: $0) }
        }
        return fates
    }
}
