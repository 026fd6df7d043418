import Crypto
package import DataStudio
import Foundation
import GRDB
import JSON
package import Orchestration

/// Runs and the texts of their scripts.
extension Journal {
    /// What tells texts apart.
    package static func hash(_ text: String) -> String {
        SHA256.hash(data: Data(text.utf8)).map { String($0, radix: 16).leftPadded() }.joined()
    }

    /// Adds a run that is about to begin, or waits for its turn, with what it begins with. Its log follows with its first
    /// commit.
    ///
    /// - Parameter replacesWaiting: true if the runs of its line that wait for their turn are given up for it.
    /// - Returns: the row with its id, which is a new one unless it has one.
    package func add(
        _ row: RunRow, _ beginning: RunBeginning, replacesWaiting: Bool = false
    ) throws(JournalError) -> RunRow {
        try write { database in
            var row = row
            if row.id.isEmpty {
                repeat { row.id = Self.newID() } while try Self.exists(row.id, database)
            }
            row.textHash = try Self.keep(beginning.text, database)
            var beginning = beginning
            beginning.run = row.id
            let insert = try database.cachedStatement(
                sql: """
                    INSERT INTO runs (id, line, key, path, script, text, server, began, updated, fate, fruitless, beginning,
                                      waiting)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)
                    """)
            try insert.execute(
                arguments: [
                    row.id, row.line, row.key, row.path, row.script, row.textHash, row.server, row.began.milliseconds,
                    row.updated.milliseconds, row.fate.rawValue, RecordBody.began(beginning).payload.jsonText,
                    row.isWaiting,
                ])
            try Self.keep(modules: beginning.modules, of: row.id, database)
            if replacesWaiting { try Self.replaceWaiting(by: row, database) }
            if !row.isWaiting { try Self.beginLife(of: row.id, at: row.began, database) }
            return row
        }
    }

    /// Puts other texts in the place of those that a run began with, and the secrets that they name.
    func revise(_ run: String, _ beginning: RunBeginning, _ database: Database) throws {
        try database.execute(
            sql: "UPDATE runs SET text = ?, beginning = ? WHERE id = ?",
            arguments: [
                try Self.keep(beginning.text, database), RecordBody.began(beginning).payload.jsonText, run,
            ])
        try database.execute(sql: "DELETE FROM modules WHERE run = ?", arguments: [run])
        try Self.keep(modules: beginning.modules, of: run, database)
    }

    private static func keep(modules: [String: String], of run: String, _ database: Database) throws {
        for (name, text) in modules {
            try database.execute(
                sql: "INSERT INTO modules VALUES (?, ?, ?)", arguments: [run, name, try keep(text, database)])
        }
    }

    private static func exists(_ id: String, _ database: Database) throws -> Bool {
        try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM runs WHERE id = ?)", arguments: [id]) ?? false
    }

    private static func keep(_ text: String, _ database: Database) throws -> String {
        let hash = hash(text)
        try database.cachedStatement(sql: "INSERT OR IGNORE INTO scripts VALUES (?, ?)").execute(arguments: [
            hash, text,
        ])
        return hash
    }

    /// Letters and digits that cannot be taken for each other; the first is a digit, so that no word comes of it.
    package static func newID() -> String {
        let digits = Array("23456789")
        let letters = Array("23456789abcdefghjkmnpqrstuvwxyz")
        return String([digits.randomElement() ?? "2"] + (0..<4).map { _ in letters.randomElement() ?? "a" })
    }

    /// Notes how a run was left, which has no last record. It lived to say so: it did not die in vain.
    ///
    /// - Parameter now: when the process that holds it leaves it; `nil` if none does.
    package func note(
        _ id: String, status: RunStatus?, signal: Int32? = nil, note: String? = nil, at now: Timestamp? = nil
    ) throws(JournalError) {
        try write {
            try $0.execute(
                sql: "UPDATE runs SET status = ?, signal = ?, note = ?, fruitless = 0 WHERE id = ?",
                arguments: [status?.rawValue, signal, note, id])
            if let now {
                try $0.execute(
                    sql: "UPDATE runs SET updated = max(updated, ?) WHERE id = ?", arguments: [now.milliseconds, id])
                try Self.endLife(of: id, status, at: now, $0)
            }
            try Self.forgetStops(of: id, $0)
        }
    }

    /// A process takes the run up: until it says otherwise, it dies without a word. Whoever wanted it left where it is
    /// wanted that of another process.
    package func takeUp(_ id: String, at now: Timestamp) throws(JournalError) {
        try write {
            try $0.execute(
                sql: """
                    UPDATE runs SET status = NULL, signal = NULL, note = NULL, fruitless = fruitless + 1, waiting = 0
                    WHERE id = ?
                    """,
                arguments: [id])
            try Self.beginLife(of: id, at: now, $0)
            try Self.forgetWaits(of: id, $0)
            try Self.forgetStops(of: id, $0)
        }
    }

    /// Nobody goes on with the run.
    package func abandon(_ id: String, note: String) throws(JournalError) {
        try write { database in
            try database.execute(
                sql: "UPDATE runs SET fate = 'abandoned', note = ? WHERE id = ? AND fate = 'open'",
                arguments: [note, id])
            try Self.releaseLocks(of: id, database)
        }
    }

    /// What a run begins with, or began with.
    ///
    /// - Returns: `nil` for a run that is not there.
    package func beginning(of run: String) throws(JournalError) -> RunBeginning? {
        try read { try self.beginning(of: run, $0) }
    }

    func beginning(of run: String, _ database: Database) throws -> RunBeginning? {
        let statement = try database.cachedStatement(
            sql: "SELECT runs.beginning, scripts.text FROM runs JOIN scripts ON hash = runs.text WHERE id = ?")
        let row = try Row.fetchOne(statement, arguments: [run])
        guard let row else { return nil }
        do {
            let payload = try JSON(parsing: Array((row[0] as String).utf8))
            guard case .began(var beginning) = try RecordBody(kind: "began", payload: payload) else { return nil }
            beginning.text = row[1]
            beginning.modules = try modules(run, database)
            return beginning
        } catch {
            throw JournalError(.damaged, "what run \(run) began with cannot be read: \(error)")
        }
    }

    /// The texts of a run's modules.
    private func modules(_ id: String, _ database: Database) throws -> [String: String] {
        let statement = try database.cachedStatement(
            sql:
                "SELECT modules.name, scripts.text FROM modules JOIN scripts ON scripts.hash = modules.text WHERE run = ?"
        )
        let rows = try Row.fetchAll(statement, arguments: [id])
        return Dictionary(rows.map { ($0[0], $0[1]) }) { first, _ in first }
    }
}

extension RunRow {
    init(_ row: Row) throws {
        guard let fate = RunFate(rawValue: row["fate"]) else {
            throw JournalError(.damaged, "the journal has a run with the unknown fate \"\(row["fate"] as String)\"")
        }
        self.init(
            id: row["id"], line: row["line"], key: row["key"], path: row["path"], script: row["script"],
            textHash: row["text"], server: row["server"], began: Timestamp(milliseconds: row["began"]))
        updated = Timestamp(milliseconds: row["updated"])
        self.fate = fate
        status = (row["status"] as String?).flatMap { RunStatus(rawValue: $0) }
        signal = (row["signal"] as Int64?).flatMap { Int32(exactly: $0) }
        note = row["note"]
        fruitless = row["fruitless"]
        isWaiting = row["waiting"]
    }

    /// The columns of a row. What the run began with is not one of them: it may be long.
    static let columns = """
        id, line, key, path, script, text, server, began, updated, fate, status, signal, note, fruitless,
        waiting
        """
}

extension String {
    fileprivate func leftPadded() -> String { count < 2 ? "0" + self : self }
}
