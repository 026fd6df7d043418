package import DataStudio
import Foundation
import GRDB
import JSON
package import Orchestration

/// The logs of runs.
extension Journal {
    /// Adds to a run's log, and keeps what belongs to it: all of it or nothing. When this returns it is durable.
    ///
    /// - Throws: ``JournalError``; a record out of order is one as well.
    package func commit(_ commit: Commit, of run: String) throws(JournalError) {
        guard !commit.isEmpty else { return }
        let counter = try write { database -> Int64? in
            let before = try Int.fetchOne(
                database.cachedStatement(sql: "SELECT MAX(seq) FROM records WHERE run = ?"), arguments: [run])
            if let first = commit.records.first, let last = commit.records.last {
                guard first.sequence == (before ?? 0) &+ 1 else {
                    throw JournalError(
                        .failed,
                        "the log of run \(run) ends with record \(before ?? 0), and the next would be \(first.sequence): "
                            + "another process has written to it")
                }
                try self.add(commit.records, to: run, database)
                try database.cachedStatement(sql: "UPDATE runs SET updated = ?, fruitless = 0 WHERE id = ?")
                    .execute(arguments: [last.at.milliseconds, run])
            }
            try Self.forget(requests: commit.requests, of: run, database)
            try self.keep(commit.sightings, of: run, database)
            try Self.keep(commit.profiles, database)
            try Self.keep(commit.suspicions, after: commit.records.last?.sequence ?? before ?? 0, of: run, database)
            return commit.records.contains { $0.body.kind == "intent" } ? try Mark.count(database) : nil
        }
        if let counter { mark?.show(counter) }
    }

    /// Adds one record to the log of a run that no process holds but this one, whose lock it has.
    ///
    /// - Returns: the record.
    @discardableResult
    package func append(
        _ body: RecordBody, key: String, attempt: Int, to run: String, at now: Timestamp
    ) throws(JournalError) -> Orchestration.Record {
        try write { try append(body, key: key, attempt: attempt, to: run, at: now, $0) }
    }

    func append(
        _ body: RecordBody, key: String, attempt: Int, to run: String, at now: Timestamp, _ database: Database
    ) throws -> Orchestration.Record {
        let statement = try database.cachedStatement(
            sql: "SELECT seq, at FROM records WHERE run = ? ORDER BY seq DESC LIMIT 1")
        let last = try Row.fetchOne(statement, arguments: [run])
        let record = Orchestration.Record(
            sequence: (last?["seq"] ?? 0) &+ 1, key: key, attempt: attempt,
            at: max(now, Timestamp(milliseconds: last?["at"] ?? 0)), body: body)
        try add([record], to: run, database)
        return record
    }

    private func add(_ records: [Orchestration.Record], to run: String, _ database: Database) throws {
        let insert = try database.cachedStatement(sql: "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?)")
        for record in records {
            try insert.execute(arguments: [
                run, record.sequence, record.key, record.attempt, record.body.kind, Self.payload(record.body),
                record.at.milliseconds,
            ])
            try self.index(record, of: run, database)
            switch record.body {
            // What was asked of the run before is not wanted of it any more.
            case .ended, .retried: try Self.forgetRequests(of: run, database)
            default: break
            }
        }
    }

    /// The log of a run, from its beginning.
    ///
    /// - Parameter after: only records after that one.
    package func log(of run: String, after: Int = 0) throws(JournalError) -> [Orchestration.Record] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT seq, key, attempt, kind, payload, at FROM records WHERE run = ? AND seq > ? ORDER BY seq")
            let rows = try Row.fetchCursor(statement, arguments: [run, after])
            var log: [Orchestration.Record] = []
            while let row = try rows.next() {
                guard row[0] == 1, let beginning = try self.beginning(of: run, database) else {
                    log.append(try Self.record(row))
                    continue
                }
                log.append(
                    Orchestration.Record(
                        sequence: row[0], key: row[1], attempt: row[2], at: Timestamp(milliseconds: row[5]),
                        body: .began(beginning)))
            }
            return log
        }
    }

    /// What a run began with is kept with its row.
    private static func payload(_ body: RecordBody) -> String {
        if case .began = body { "{}" } else { body.payload.jsonText }
    }

    static func record(_ row: Row) throws -> Orchestration.Record {
        let sequence: Int = row[0]
        do {
            let text: String = row[4]
            return Orchestration.Record(
                sequence: sequence, key: row[1], attempt: row[2], at: Timestamp(milliseconds: row[5]),
                body: try RecordBody(kind: row[3], payload: JSON(parsing: Array(text.utf8))))
        } catch {
            throw JournalError(.damaged, "record \(sequence) of a run cannot be read: \(error)")
        }
    }
}
