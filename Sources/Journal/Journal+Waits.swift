import GRDB

/// What starts of live runs wait for: no record, as nothing depends on it, but other processes show it.
extension Journal {
    /// Notes what the start of a step waits for; `nil`: it waits no more.
    package func note(wait reason: String?, of key: String, in run: String) throws(JournalError) {
        try write { database in
            guard let reason else {
                return try database.cachedStatement(sql: "DELETE FROM waits WHERE run = ? AND key = ?")
                    .execute(arguments: [run, key])
            }
            try database.cachedStatement(sql: "INSERT OR REPLACE INTO waits VALUES (?, ?, ?)")
                .execute(arguments: [run, key, reason])
        }
    }

    /// What the starts of a run wait for, by the keys of their steps. Of a run that no process holds it says nothing.
    package func waits(of run: String) throws(JournalError) -> [String: String] {
        try read { database in
            let rows = try Row.fetchAll(database, sql: "SELECT key, reason FROM waits WHERE run = ?", arguments: [run])
            return Dictionary(rows.map { ($0[0], $0[1]) }) { first, _ in first }
        }
    }

    static func forgetWaits(of run: String, _ database: Database) throws {
        try database.cachedStatement(sql: "DELETE FROM waits WHERE run = ?").execute(arguments: [run])
    }
}
