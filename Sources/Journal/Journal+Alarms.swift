import DataStudio
import GRDB
package import Orchestration

/// What people were told of runs that could not go on.
extension Journal {
    /// The alarm about a run; `nil` if there is none.
    package func alarm(of run: String) throws(JournalError) -> Alarm? {
        try read { database in
            try Row.fetchOne(database, sql: "SELECT cause, since, told FROM alarms WHERE run = ?", arguments: [run]).map
            {
                Alarm(
                    cause: $0[0], since: Timestamp(milliseconds: $0[1]), told: Timestamp(milliseconds: $0[2]))
            }
        }
    }

    /// The alarms about runs that are out of trouble because a person saw to it, by the ids of the runs.
    package func alarmsOver() throws(JournalError) -> [(run: String, alarm: Alarm)] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT run, cause, since, told FROM alarms ORDER BY told").map { row in
                let alarm = Alarm(
                    cause: row[1], since: Timestamp(milliseconds: row[2]), told: Timestamp(milliseconds: row[3]))
                return (row[0], alarm)
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
                sql: "INSERT OR REPLACE INTO alarms VALUES (?, ?, ?, ?)",
                arguments: [run, alarm.cause, alarm.since.milliseconds, alarm.told.milliseconds])
        }
    }
}
