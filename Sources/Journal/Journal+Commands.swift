package import DataStudio
import GRDB

/// What other processes want of the one that holds a run.
extension Journal {
    /// Leaves a request for the process that holds the run.
    package func send(_ verb: String, _ argument: String = "", to run: String, by: String, at now: Timestamp)
        throws(JournalError)
    {
        try write {
            try $0.execute(
                sql: "INSERT INTO commands (run, verb, argument, by, at) VALUES (?, ?, ?, ?, ?)",
                arguments: [run, verb, argument, by, now.milliseconds])
        }
    }

    /// Takes the requests that were left for a run, oldest first.
    package func takeCommands(of run: String) throws(JournalError) -> [RunRequest] {
        let isEmpty = try read { database in
            try
                !(Bool.fetchOne(
                    database, sql: "SELECT EXISTS (SELECT 1 FROM commands WHERE run = ?)", arguments: [run]) ?? false)
        }
        guard !isEmpty else { return [] }
        return try write { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT verb, argument, by FROM commands WHERE run = ? ORDER BY id", arguments: [run])
            try database.execute(sql: "DELETE FROM commands WHERE run = ?", arguments: [run])
            return rows.map { RunRequest(verb: $0[0], argument: $0[1], by: $0[2]) }
        }
    }
}
