package import DataStudio
import Foundation
import GRDB
import JSON
package import Orchestration

/// The logs of runs.
extension Journal {
    /// Adds to a run's log, and keeps what belongs to it: all of it or nothing. When this returns it is durable.
    ///
    /// - Returns: how many bytes the records take.
    /// - Throws: ``JournalError``; a record out of order is one as well.
    @discardableResult
    package func commit(_ commit: Commit, of run: String) throws(JournalError) -> Int {
        guard !commit.isEmpty else { return 0 }
        let (counter, bytes) = try write { database -> (Int64?, Int) in
            var bytes = 0
            let before = try Int.fetchOne(
                database.cachedStatement(sql: "SELECT MAX(seq) FROM records WHERE run = ?"), arguments: [run])
            if let first = commit.records.first, let last = commit.records.last {
                guard first.sequence == (before ?? 0) &+ 1 else {
                    throw JournalError(
                        .failed,
                        "the log of run \(run) ends with record \(before ?? 0), and the next would be \(first.sequence): "
                            + "another process has written to it")
                }
                bytes = try self.add(commit.records, to: run, database)
                try database.cachedStatement(sql: "UPDATE runs SET updated = ?, fruitless = 0 WHERE id = ?")
                    .execute(arguments: [last.at.milliseconds, run])
            }
            try Self.add(commit.locks, of: run, database)
            try Self.forget(requests: commit.requests, of: run, database)
            try self.keep(commit.sightings, of: run, database)
            try Self.keep(commit.profiles, database)
            try Self.keep(commit.suspicions, after: commit.records.last?.sequence ?? before ?? 0, of: run, database)
            return (commit.records.contains { $0.body.kind == "intent" } ? try Mark.count(database) : nil, bytes)
        }
        if let counter { mark?.show(counter) }
        return bytes
    }

    /// How many bytes the records of a run take, as ``commit(_:of:)`` counts them.
    package func logSize(of run: String) throws(JournalError) -> Int {
        try read { database in
            try Int.fetchOne(
                database.cachedStatement(
                    sql:
                        "SELECT SUM(LENGTH(CAST(key AS BLOB)) + LENGTH(CAST(payload AS BLOB)) + ?) FROM records WHERE run = ? AND seq >= ?"
                ), arguments: [Self.recordSize, run, try Self.beginningOfPart(of: run, database)]) ?? 0
        }
    }

    /// What a record takes besides its texts: its row, and the row's place in the index.
    private static let recordSize = 64

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

    @discardableResult
    private func add(_ records: [Orchestration.Record], to run: String, _ database: Database) throws -> Int {
        var bytes = 0
        let insert = try database.cachedStatement(sql: "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?)")
        for record in records {
            let payload = Self.payload(record.body)
            bytes += record.key.utf8.count + payload.utf8.count + Self.recordSize
            try insert.execute(arguments: [
                run, record.sequence, record.key, record.attempt, record.body.kind, payload,
                record.at.milliseconds,
            ])
            try self.index(record, of: run, database)
            switch record.body {
            // What was asked of the run before is not wanted of it any more.
            case .ended(let status):
                try Self.endLife(of: run, status, at: record.at, database)
                try Self.forgetRequests(of: run, database)
                try Self.releaseLocks(of: run, database)
            case .retried: try Self.forgetRequests(of: run, database)
            case .began where record.sequence > 1: try Self.forgetEarlierParts(of: run, database)
            default: break
            }
        }
        return bytes
    }

    /// The log of the part of a run that goes on, from its beginning. What earlier parts did is over, and no part of the
    /// script depends on it.
    ///
    /// - Parameter after: only records after that one.
    package func log(of run: String, after: Int = 0) throws(JournalError) -> [Orchestration.Record] {
        try read { database in
            try log(of: run, from: max(after + 1, try Self.beginningOfPart(of: run, database)), through: .max, database)
        }
    }

    /// The log of one part of a run, which may be over.
    ///
    /// - Returns: `nil` if there is no such part, or its records are not kept any more.
    package func log(of run: String, part: Int) throws(JournalError) -> [Orchestration.Record]? {
        try read { database in
            let beginnings = try Self.parts(of: run, database)
            guard let index = beginnings.firstIndex(where: { $0.part == part }) else { return nil }
            let next = index + 1 < beginnings.count ? beginnings[index + 1].sequence : .max
            return try log(of: run, from: beginnings[index].sequence, through: next - 1, database)
        }
    }

    /// The numbers of the parts of a run whose records are kept, ascending: the last one is the part that goes on.
    package func parts(of run: String) throws(JournalError) -> [Int] {
        try read { try Self.parts(of: run, $0).map(\.part) }
    }

    private static func parts(of run: String, _ database: Database) throws -> [(part: Int, sequence: Int)] {
        let statement = try database.cachedStatement(
            sql: "SELECT seq, payload FROM records WHERE run = ? AND kind = 'began' ORDER BY seq")
        return try Row.fetchAll(statement, arguments: [run]).map { (try part($0[1]).number, $0[0]) }
    }

    private func log(
        of run: String, from first: Int, through last: Int, _ database: Database
    ) throws -> [Orchestration.Record] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT seq, key, attempt, kind, payload, at FROM records WHERE run = ? AND seq BETWEEN ? AND ? ORDER BY seq
                """)
        let known = try Self.known(of: run, database)
        let rows = try Row.fetchCursor(statement, arguments: [run, first, last])
        var log: [Orchestration.Record] = []
        while let row = try rows.next() {
            guard row[3] == "began", var beginning = try beginning(of: run, database) else {
                let record = try Self.record(row)
                log.append(known[record.sequence].map { record.knowing(Self.jobs($0)) } ?? record)
                continue
            }
            beginning.part = try Self.part(row[4])
            log.append(
                Orchestration.Record(
                    sequence: row[0], key: row[1], attempt: row[2], at: Timestamp(milliseconds: row[5]),
                    body: .began(beginning)))
        }
        return log
    }

    /// The jobs that the starts knew of which nobody knows yet what became of them, by the numbers of their intents.
    private static func known(of run: String, _ database: Database) throws -> [Int: String] {
        let statement = try database.cachedStatement(
            sql: "SELECT seq, known FROM attempts WHERE run = ? AND known IS NOT NULL")
        let rows = try Row.fetchAll(statement, arguments: [run])
        return Dictionary(rows.map { ($0[0], $0[1]) }) { $1 }
    }

    /// What a run began with is kept with its row, and only what its parts began with besides is in the log. What a start
    /// knew is kept with the attempt, which needs it for a while.
    private static func payload(_ body: RecordBody) -> String {
        switch body {
        case .began(let beginning):
            return beginning.part.number == 1 ? "{}" : beginning.part.payload.jsonText
        case .intent(var intent):
            intent.evidence.known = []
            return RecordBody.intent(intent).payload.jsonText
        default: return body.payload.jsonText
        }
    }

    private static func part(_ payload: String) throws -> RunPart {
        guard payload != "{}" else { return RunPart() }
        do {
            return try RunPart(payload: JSON(parsing: Array(payload.utf8)))
        } catch {
            throw JournalError(.damaged, "the beginning of a part of a run cannot be read: \(error)")
        }
    }

    /// The number of the record with which the part of a run that goes on began; 1 without any.
    static func beginningOfPart(of run: String, _ database: Database) throws -> Int {
        let statement = try database.cachedStatement(
            sql: "SELECT MAX(seq) FROM records WHERE run = ? AND kind = 'began'")
        return try Int.fetchOne(statement, arguments: [run]) ?? 1
    }

    // MARK: Earlier parts

    /// The records of so many earlier parts are kept, for whoever wants to know what happened.
    private static let keptParts = 10
    /// So many records of earlier parts are kept at most: about 17 MB.
    private static let keptRecords = 50_000
    /// Attempts that are over are kept as long as they are among so many last ones: starts in doubt are told apart from them.
    private static let keptAttempts = 10_000

    /// Lets go of what a loop that goes on for weeks has left behind.
    private static func forgetEarlierParts(of run: String, _ database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                WITH parts AS (
                  SELECT seq FROM records WHERE run = ? AND kind = 'began' ORDER BY seq DESC LIMIT \(keptParts + 1))
                SELECT MIN(seq) FROM parts WHERE seq >= (SELECT MAX(seq) FROM parts) - \(keptRecords)
                """)
        guard let first = try Int.fetchOne(statement, arguments: [run]) else { return }
        // What was meant to be sent is known of each attempt as long as its job may run.
        try database.cachedStatement(
            sql: """
                DELETE FROM records WHERE run = ? AND seq < ? AND seq NOT IN (
                  SELECT seq FROM attempts WHERE run = ? AND state NOT IN ('over', 'void'))
                """
        ).execute(arguments: [run, first, run])
        try database.cachedStatement(
            sql: "DELETE FROM attempts WHERE run = ? AND seq < ? AND state IN ('over', 'void') "
                + "AND id < (SELECT MAX(id) FROM attempts) - \(keptAttempts)"
        ).execute(arguments: [run, first])
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
