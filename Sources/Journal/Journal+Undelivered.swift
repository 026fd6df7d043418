package import DataStudio
import GRDB

/// Notifications that could not be delivered: they are sent again.
extension Journal {
    /// Of one run the newest so many are kept.
    private static let mostUndelivered = 20
    /// Older ones are news to nobody, and go.
    private static let keptFor = Duration.seconds(86_400)

    private static func oldest(at now: Timestamp) -> Int64 { now.milliseconds - keptFor.milliseconds }

    /// A notification that could not be delivered.
    package struct Undelivered: Hashable, Sendable {
        /// Its number in the journal.
        package let id: Int64
        /// The run that it is about.
        package let run: String
        /// The notification, as whoever kept it has written it.
        package let text: String
    }

    /// Keeps notifications about a run that could not be delivered.
    package func keep(undelivered texts: [String], of run: String, at now: Timestamp) throws(JournalError) {
        guard !texts.isEmpty else { return }
        try write { database in
            for text in texts {
                try database.execute(
                    sql: "INSERT INTO undelivered (run, text, at) VALUES (?, ?, ?)",
                    arguments: [run, text, now.milliseconds])
            }
            try database.execute(
                sql: """
                    DELETE FROM undelivered WHERE run = ? AND id NOT IN
                      (SELECT id FROM undelivered WHERE run = ? ORDER BY id DESC LIMIT ?)
                    """, arguments: [run, run, Self.mostUndelivered])
        }
    }

    /// The oldest notifications that could not be delivered within the last day.
    package func undelivered(at now: Timestamp, limit: Int) throws(JournalError) -> [Undelivered] {
        try read { database in
            try Row.fetchAll(
                database, sql: "SELECT id, run, text FROM undelivered WHERE at > ? ORDER BY id LIMIT ?",
                arguments: [Self.oldest(at: now), limit]
            ).map { Undelivered(id: $0[0], run: $0[1], text: $0[2]) }
        }
    }

    /// A notification has been delivered, or only by some ways: the rest of it, if there is a rest.
    package func deliver(_ undelivered: Undelivered, rest: String?) throws(JournalError) {
        try write { database in
            try database.execute(
                sql: rest == nil
                    ? "DELETE FROM undelivered WHERE id = ?" : "UPDATE undelivered SET text = ? WHERE id = ?",
                arguments: StatementArguments([rest, String(undelivered.id)].compactMap { $0 }))
        }
    }

    /// Forgets the notifications that are too old to be sent.
    package func forgetUndelivered(at now: Timestamp) throws(JournalError) {
        try write { database in
            try database.execute(
                sql: "DELETE FROM undelivered WHERE at <= ?", arguments: [Self.oldest(at: now)])
        }
    }
}
