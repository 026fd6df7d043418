package import DataStudio
import GRDB
package import Orchestration

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

    /// For so long nobody else sends what a process is sending.
    private static let claimedFor = Duration.seconds(60)

    /// Keeps notifications about a run that this process is about to send: if it dies, others send them.
    ///
    /// - Returns: their numbers.
    package func claim(undelivered texts: [String], of run: String, at now: Timestamp) throws(JournalError) -> [Int64] {
        guard !texts.isEmpty else { return [] }
        return try write { database in
            try texts.map { text in
                try Self.insert(text, of: run, at: now, claimed: now + Self.claimedFor, database)
                return database.lastInsertedRowID
            }
        }
    }

    /// The notifications of those numbers have been sent, but for these.
    package func deliver(
        _ ids: [Int64], except texts: [String], of run: String, at now: Timestamp
    ) throws(JournalError) {
        guard !ids.isEmpty || !texts.isEmpty else { return }
        try write { database in
            for id in ids { try database.execute(sql: "DELETE FROM undelivered WHERE id = ?", arguments: [id]) }
            for text in texts { try Self.insert(text, of: run, at: now, claimed: now, database) }
            try database.execute(
                sql: """
                    DELETE FROM undelivered WHERE run = ? AND id NOT IN
                      (SELECT id FROM undelivered WHERE run = ? ORDER BY id DESC LIMIT ?)
                    """, arguments: [run, run, Self.mostUndelivered])
        }
    }

    private static func insert(
        _ text: String, of run: String, at now: Timestamp, claimed: Timestamp, _ database: Database
    ) throws {
        try database.execute(
            sql: "INSERT INTO undelivered (run, text, at, claimed) VALUES (?, ?, ?, ?)",
            arguments: [run, text, now.milliseconds, claimed.milliseconds])
    }

    /// Runs that have failed within the last day and whose process died before it noted why: nobody may have been notified.
    package func endedUnsaid(at now: Timestamp) throws(JournalError) -> [RunRow] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT \(RunRow.columns) FROM runs WHERE fate = 'ended' AND fate <> 'open' AND updated > ? AND note IS NULL
                      AND status NOT IN (?, ?) ORDER BY updated
                    """,
                arguments: [Self.oldest(at: now), RunStatus.succeeded.rawValue, RunStatus.skipped.rawValue]
            ).map(RunRow.init)
        }
    }

    /// True if a notification about the run is kept.
    package func hasUndelivered(of run: String) throws(JournalError) -> Bool {
        try read { database in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM undelivered WHERE run = ?)", arguments: [run]) == true
        }
    }

    /// Takes the oldest notifications that could not be delivered within the last day: no other process sends them now.
    package func takeUndelivered(at now: Timestamp, limit: Int) throws(JournalError) -> [Undelivered] {
        let isAny = try read { database in
            try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM undelivered)") == true
        }
        guard isAny else { return [] }
        return try write { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT id, run, text FROM undelivered WHERE at > ? AND claimed <= ? ORDER BY id LIMIT ?",
                arguments: [Self.oldest(at: now), now.milliseconds, limit])
            let taken = rows.map { Undelivered(id: $0[0], run: $0[1], text: $0[2]) }
            for one in taken {
                try database.execute(
                    sql: "UPDATE undelivered SET claimed = ? WHERE id = ?",
                    arguments: [(now + Self.claimedFor).milliseconds, one.id])
            }
            return taken
        }
    }

    /// A notification has been delivered, or only by some ways: the rest of it, if there is a rest.
    package func deliver(_ undelivered: Undelivered, rest: String?) throws(JournalError) {
        try write { database in
            guard let rest else {
                return try database.execute(
                    sql: "DELETE FROM undelivered WHERE id = ?", arguments: [undelivered.id])
            }
            try database.execute(
                sql: "UPDATE undelivered SET text = ?, claimed = 0 WHERE id = ?", arguments: [rest, undelivered.id])
        }
    }

    /// Forgets what could not be delivered about a run that has recovered: it would be news of yesterday.
    package func forgetUndelivered(of run: String, before time: Timestamp) throws(JournalError) {
        try write { database in
            try database.execute(
                sql: "DELETE FROM undelivered WHERE run = ? AND at < ?", arguments: [run, time.milliseconds])
        }
    }

    /// Forgets the notifications that are too old to be sent.
    ///
    /// - Returns: how many there were.
    package func forgetUndelivered(at now: Timestamp) throws(JournalError) -> Int {
        let oldest = Self.oldest(at: now)
        let isAny = try read { database in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM undelivered WHERE at <= ?)", arguments: [oldest]) == true
        }
        guard isAny else { return 0 }
        return try write { database in
            try database.execute(
                sql: "DELETE FROM undelivered WHERE at <= ?", arguments: [oldest])
            return database.changesCount
        }
    }
}
