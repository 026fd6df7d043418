import DataStudio
import GRDB
import JSON
package import Orchestration

/// What people were told of runs that could not go on.
extension Journal {
    /// The alarm about a run; `nil` if there is none.
    package func alarm(of run: String) throws(JournalError) -> Alarm? {
        try read { database in
            try Row.fetchOne(
                database, sql: "SELECT cause, since, told, workflows FROM alarms WHERE run = ?", arguments: [run]
            ).map(Alarm.init)
        }
    }

    /// The alarms about runs that are out of trouble because a person saw to it, by the ids of the runs.
    package func alarmsOver() throws(JournalError) -> [(run: String, alarm: Alarm)] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT run, cause, since, told, workflows FROM alarms ORDER BY told").map {
                (run: $0["run"], alarm: Alarm($0))
            }.filter(\.alarm.isOver)
        }
    }

    /// Keeps the alarm about a run; `nil`: there is none any more.
    package func keep(_ alarm: Alarm?, of run: String) throws(JournalError) {
        try write { database in
            guard let alarm else {
                return try database.execute(sql: "DELETE FROM alarms WHERE run = ?", arguments: [run])
            }
            try database.execute(
                sql: "INSERT OR REPLACE INTO alarms (run, cause, since, told, workflows) VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    run, alarm.cause, alarm.since.milliseconds, alarm.told.milliseconds,
                    JSON.array(alarm.workflows.sorted().map { .string($0) }).jsonText,
                ])
        }
    }
}

extension Alarm {
    fileprivate init(_ row: Row) {
        let workflows = (try? JSON(parsing: Array((row["workflows"] as String).utf8)))?.elements ?? []
        self.init(
            cause: row["cause"], since: Timestamp(milliseconds: row["since"]),
            told: Timestamp(milliseconds: row["told"]), workflows: Set(workflows.compactMap(\.text)))
    }
}
