package import DataStudio
import GRDB
import JSON
package import Orchestration
import Synchronization

/// Attempts to start workflows, and the jobs that belong to them, over all runs.
extension Journal {
    /// Notes what a record says of an attempt.
    func index(_ record: Orchestration.Record, of run: String, _ database: Database) throws {
        switch record.body {
        case .intent:
            guard let row = AttemptRow(run: run, record) else { return }
            try database.cachedStatement(
                sql: """
                    INSERT INTO attempts (run, key, attempt, seq, server, label, state, sent, candidates, known)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, '[]', ?)
                    """
            ).execute(arguments: [
                run, row.key, row.attempt, record.sequence, row.server, row.label, row.state.rawValue,
                row.intent.serverTime?.milliseconds, Self.text(row.intent.evidence.known),
            ])
            let key = KnownAttempts.Key(run: run, key: row.key, attempt: row.attempt)
            attempts.rows.withLock { $0[key] = row }
        case .void, .accepted, .settled, .ambiguous, .resolved:
            let key = KnownAttempts.Key(run: run, key: record.key, attempt: record.attempt)
            let known = attempts.rows.withLock { $0[key] }
            guard var row = try known ?? Self.attempt(run, record.key, record.attempt, database) else {
                return try end(record, of: run, database)
            }
            guard row.take(record) else { return }
            if record.body.givesJob { try Self.refuseTaken(row, database) }
            try Self.update(row, database)
            attempts.rows.withLock { $0[key] = nil }
            if case .settled(.finished(let job)) = record.body { try Self.keep(job, of: row, record.at, database) }
        case .retried(let retrial):
            try database.execute(
                sql: "UPDATE runs SET fate = 'open', status = NULL, signal = NULL, note = NULL WHERE id = ?",
                arguments: [run])
            // Its blocks take again what they held.
            try Self.releaseLocks(of: run, database)
            for sequence in retrial.void {
                guard var row = try Self.attempt(run, sequence: sequence, database) else { continue }
                row.leave()
                try Self.update(row, database)
            }
            // A job of a step that starts again may still run: the start waits for its end, as for any that nobody follows.
            for key in retrial.again {
                guard var row = try Self.lastAttempt(run, key, database), row.state == .accepted else { continue }
                row.leave()
                try Self.update(row, database)
            }
            for (key, job) in retrial.adopted {
                guard var row = try Self.lastAttempt(run, key, database) else { continue }
                _ = row.take(
                    Orchestration.Record(
                        sequence: record.sequence, key: key, attempt: row.attempt, at: record.at,
                        body: .resolved(.adopt(job), by: retrial.by)))
                try Self.refuseTaken(row, database)
                try Self.update(row, database)
            }
        case .ended(let status):
            try database.execute(
                sql: "UPDATE runs SET fate = 'ended', status = ? WHERE id = ?", arguments: [status.rawValue, run])
        case .began, .answered, .fired, .stopping, .line, .expired, .limited, .restarted, .resumed: break
        }
    }

    /// A job has one owner: two processes may have looked for one at the same time.
    private static func refuseTaken(_ row: AttemptRow, _ database: Database) throws {
        guard let job = row.identity, job.created != nil else { return }
        let rows = try Row.fetchAll(
            database, sql: "\(selection) WHERE attempts.server = ? AND attempts.job = ?",
            arguments: [row.server, job.id.text]
        ).map(AttemptRow.init)
        guard rows.contains(where: { ($0.run != row.run || $0.key != row.key) && $0.identity?.compare(job) == .same })
        else { return }
        throw JournalError(
            .failed, "job \(job.id), which was to be that of \(row.intent.title), belongs to another step by now")
    }

    /// A step that waited for the job of another one's attempt has seen it end.
    private func end(_ record: Orchestration.Record, of run: String, _ database: Database) throws {
        guard case .settled(.finished(let job)) = record.body else { return }
        let rows = try Row.fetchAll(
            database, sql: "\(Self.selection) WHERE attempts.run = ? AND attempts.job = ?",
            arguments: [run, job.id.text])
        guard var row = try rows.map(AttemptRow.init).last else { return }
        row.ended(job.id)
        try Self.update(row, database)
        try Self.keep(job, of: row, record.at, database)
    }

    static func update(_ row: AttemptRow, _ database: Database) throws {
        try database.cachedStatement(
            sql: """
                UPDATE attempts SET state = ?, job = ?, created = ?, created_to = ?, user = ?, accepted = ?, candidates = ?,
                  known = ?
                WHERE run = ? AND key = ? AND attempt = ?
                """
        ).execute(arguments: [
            row.state.rawValue, row.job?.text, row.created?.lowerBound.milliseconds,
            row.created?.upperBound.milliseconds, row.user, row.acceptedAt?.milliseconds,
            JSON.array(row.candidates.map(\.payload)).jsonText, text(row.intent.evidence.known), row.run, row.key,
            row.attempt,
        ])
    }

    /// The jobs that a start knew, as they are kept; `nil` for none.
    private static func text(_ known: [JobIdentity]) -> String? {
        known.isEmpty ? nil : JSON.array(known.map(\.payload)).jsonText
    }

    /// What ``text(_:)`` wrote.
    static func jobs(_ text: String?) -> [JobIdentity] {
        text.map { JobIdentity.list(try? JSON(parsing: Array($0.utf8))) } ?? []
    }

    private static func attempt(_ run: String, _ key: String, _ attempt: Int, _ database: Database) throws
        -> AttemptRow?
    {
        let statement = try database.cachedStatement(
            sql: "\(selection) WHERE attempts.run = ? AND attempts.key = ? AND attempts.attempt = ?")
        return try Row.fetchOne(statement, arguments: [run, key, attempt]).map(AttemptRow.init)
    }

    private static func attempt(_ run: String, sequence: Int, _ database: Database) throws -> AttemptRow? {
        // By the record's key, which attempts are found by.
        let statement = try database.cachedStatement(
            sql: "\(selection) AND records.key = attempts.key AND records.attempt = attempts.attempt "
                + "WHERE records.run = ? AND records.seq = ?")
        return try Row.fetchOne(statement, arguments: [run, sequence]).map(AttemptRow.init)
    }

    private static func lastAttempt(_ run: String, _ key: String, _ database: Database) throws -> AttemptRow? {
        try Row.fetchOne(
            database,
            sql: "\(selection) WHERE attempts.run = ? AND attempts.key = ? ORDER BY attempts.attempt DESC LIMIT 1",
            arguments: [run, key]
        ).map(AttemptRow.init)
    }

    /// With the intent, in the order in which records are read.
    static let selection = """
        SELECT records.seq, records.key, records.attempt, records.kind, records.payload, records.at, attempts.run,
          attempts.state, attempts.job, attempts.created, attempts.created_to, attempts.user, attempts.accepted,
          attempts.candidates, attempts.known
        FROM attempts JOIN records ON records.run = attempts.run AND records.seq = attempts.seq
        """

    /// True of attempts whose jobs may still run, or of which nobody knows.
    static let mayRun = "state IN ('open', 'accepted', 'left', 'ambiguous')"

    /// The attempts of a run whose jobs may still run, or of which nobody knows.
    package func openAttempts(of run: String) throws(JournalError) -> [AttemptRow] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: "\(Self.selection) WHERE attempts.run = ? AND attempts.\(Self.mayRun) ORDER BY attempts.seq",
                arguments: [run]
            ).map(AttemptRow.init)
        }
    }

    /// All attempts of all runs, in the order in which they were written.
    package func allAttempts() throws(JournalError) -> [AttemptRow] {
        try read { database in
            try Row.fetchAll(database.cachedStatement(sql: "\(Self.selection) ORDER BY attempts.id")).map(
                AttemptRow.init)
        }
    }

    /// Notes that the job of an attempt that nobody goes on with is over.
    package func note(over other: GateState.Predecessor) throws(JournalError) {
        try write { database in
            guard var row = try Self.attempt(other.run, other.key, other.attempt, database) else { return }
            row.ended(other.job.id)
            try Self.update(row, database)
        }
    }

    /// Whose a job is.
    ///
    /// - Parameters:
    ///   - server: as in ``ServerIdentity/name``.
    ///   - run: the run of the step that is not meant.
    ///   - key: that step's key.
    /// - Returns: the attempt of another step that has the job, or may have it as the ids are the same and a time is missing.
    package func owner(
        of job: JobIdentity, on server: String, besides run: String, _ key: String
    ) throws(JournalError) -> AttemptRow? {
        try read { database in
            try Row.fetchAll(
                database, sql: "\(Self.selection) WHERE attempts.server = ? AND attempts.job = ?",
                arguments: [server, job.id.text]
            ).map(AttemptRow.init).first { row in
                (row.run != run || row.key != key) && row.identity?.mayBe(job) ?? false
            }
        }
    }

    // MARK: Durations

    private static func keep(_ job: Job, of row: AttemptRow, _ now: Timestamp, _ database: Database) throws {
        guard let finished = job.finished, let started = job.started ?? job.created else { return }
        try database.cachedStatement(sql: "INSERT INTO durations VALUES (?, ?, ?, ?, ?, ?)").execute(arguments: [
            row.server, row.open.start.space ?? "", row.intent.title, started.milliseconds,
            max(0, (finished - started).milliseconds), job.state.rawValue,
        ])
        // Now and then: a loop that goes on for weeks adds one a minute.
        guard database.lastInsertedRowID.isMultiple(of: 256) else { return }
        try database.cachedStatement(
            sql: """
                DELETE FROM durations WHERE title = :title AND started < (
                  SELECT started FROM durations WHERE title = :title ORDER BY started DESC LIMIT 1 OFFSET \(keptDurations))
                """
        ).execute(arguments: ["title": row.intent.title])
    }

    /// How many of the last steps of a name are kept at least: nobody asks for more.
    private static let keptDurations = 2_000

    /// The last twenty completed steps of a name in one space of one server, newest first.
    ///
    /// - Parameters:
    ///   - server: as gates and jobs have it.
    ///   - space: `nil` for starts that name none.
    ///   - before: that began before that.
    package func completed(
        title: String, server: String, space: String?, before: Timestamp
    ) throws(JournalError) -> [PastStep] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT started, duration, state FROM durations
                    WHERE title = ? AND server = ? AND space = ? AND state = ? AND started < ?
                    ORDER BY started DESC LIMIT 20
                    """,
                arguments: [title, server, space ?? "", JobState.completed.rawValue, before.milliseconds]
            ).map(PastStep.init)
        }
    }

    /// How long the steps of a name took, on any server, newest first.
    package func durations(title: String, limit: Int = 20) throws(JournalError) -> [PastStep] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT started, duration, state FROM durations WHERE title = ? ORDER BY started DESC LIMIT ?
                    """,
                arguments: [title, limit]
            ).map(PastStep.init)
        }
    }
}

extension Journal {
    /// The last steps by their names, 20 of each at most, newest first. Of very many steps, the ones that were kept first
    /// are left out.
    package func allDurations() throws(JournalError) -> [String: [PastStep]] {
        try read { database in
            let rows = try Row.fetchCursor(
                database, sql: "SELECT started, duration, state, title FROM durations ORDER BY rowid DESC LIMIT 20000")
            var steps: [String: [PastStep]] = [:]
            while let row = try rows.next() { steps[row[3], default: []].append(PastStep(row)) }
            return steps.mapValues { Array($0.sorted { $0.started > $1.started }.prefix(20)) }
        }
    }
}

extension PastStep {
    fileprivate init(_ row: Row) {
        self.init(
            started: Timestamp(milliseconds: row[0]), duration: .milliseconds(row[1] as Int64),
            state: JobState(rawValue: row[2]) ?? .unknown)
    }
}

extension AttemptRow {
    init(_ row: Row) throws {
        let record = try Journal.record(row)
        try self.init(
            run: row[6], intent: (row[14] as String?).map { record.knowing(Journal.jobs($0)) } ?? record,
            state: State(rawValue: row[7]) ?? .open,
            job: Journal.identity(job: row[8], from: row[9], to: row[10], user: row[11], label: nil),
            acceptedAt: (row[12] as Int64?).map { Timestamp(milliseconds: $0) }, candidates: Journal.jobs(row[13]))
    }
}
