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
