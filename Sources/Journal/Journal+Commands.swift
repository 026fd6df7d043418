package import DataStudio
import GRDB

/// What other processes want of the one that holds a run. A request stays until what it asks for is durable, or nobody
/// can want it any more.
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

    /// The requests that were left for a run and are not done, oldest first. They stay where they are.
    package func requests(of run: String) throws(JournalError) -> [RunRequest] {
        try read { database in
            try Row.fetchAll(
                database.cachedStatement(
                    sql: "SELECT id, verb, argument, by, at FROM commands WHERE run = ? ORDER BY id"),
                arguments: [run]
            ).map {
                RunRequest(id: $0[0], verb: $0[1], argument: $0[2], by: $0[3], at: Timestamp(milliseconds: $0[4]))
            }
        }
    }

    /// Forgets requests whose effects are being made durable in the same transaction.
    static func forget(requests ids: [Int64], of run: String, _ database: Database) throws {
        guard !ids.isEmpty else { return }
        let delete = try database.cachedStatement(sql: "DELETE FROM commands WHERE id = ? AND run = ?")
        for id in ids { try delete.execute(arguments: [id, run]) }
    }

    /// Forgets all requests to a run: it is over, or a person has decided anew what becomes of it.
    static func forgetRequests(of run: String, _ database: Database) throws {
        try database.cachedStatement(sql: "DELETE FROM commands WHERE run = ?").execute(arguments: [run])
    }

    /// Forgets what asked for the run to be left where it is: it has been left, or somebody takes it up again.
    static func forgetStops(of run: String, _ database: Database) throws {
        try database.cachedStatement(sql: "DELETE FROM commands WHERE run = ? AND verb = 'stop'")
            .execute(arguments: [run])
    }
}
