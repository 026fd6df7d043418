import DataStudio
import GRDB
import JSON
package import Orchestration

/// What servers have shown of jobs, and what has been learned of servers.
extension Journal {
    /// Keeps what servers have shown of jobs for the first time.
    func keep(_ sightings: [Sighting], of run: String, _ database: Database) throws {
        guard !sightings.isEmpty else { return }
        let update = try database.cachedStatement(
            sql: """
                UPDATE attempts SET created = ?, created_to = ?, user = ifnull(?, user)
                WHERE run = ? AND key = ? AND attempt = ? AND job = ? AND created IS NULL
                """)
        for sighting in sightings {
            try update.execute(arguments: [
                sighting.job.created?.lowerBound.milliseconds, sighting.job.created?.upperBound.milliseconds,
                sighting.job.user, run, sighting.key, sighting.attempt, sighting.job.id.text,
            ])
        }
    }

    /// What is known of the jobs of a run's attempts that may still run, and which of their ids later starts have got.
    package func sights(of run: String) throws(JournalError) -> [Sighting] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT own.key, own.attempt, own.job, own.created, own.created_to, own.user,
                      later.job, later.created, later.created_to, later.user, later.label
                    FROM attempts own LEFT JOIN attempts later
                      ON own.created IS NULL AND later.server = own.server AND later.job = own.job AND later.id > own.id
                    WHERE own.run = ? AND (later.id IS NOT NULL OR own.state IN ('accepted', 'left')
                      AND (own.created IS NOT NULL OR own.user IS NOT NULL))
                    ORDER BY own.id
                    """)
            return try Row.fetchAll(statement, arguments: [run]).reduce(into: []) { sights, row in
                guard let job = Self.identity(job: row[2], from: row[3], to: row[4], user: row[5], label: nil) else {
                    return
                }
                let successor = Self.identity(job: row[6], from: row[7], to: row[8], user: row[9], label: row[10])
                let sight = Sighting(key: row[0], attempt: row[1], job: job, successors: successor.map { [$0] } ?? [])
                if let last = sights.indices.last,
                    (sights[last].key, sights[last].attempt) == (sight.key, sight.attempt)
                {
                    sights[last].successors += sight.successors
                } else {
                    sights.append(sight)
                }
            }
        }
    }

    /// What has been learned of a server.
    ///
    /// - Parameter server: as in ``ServerIdentity/name``.
    package func profile(of server: String) throws(JournalError) -> ServerProfile {
        try read { try Self.profile(of: server, $0) }
    }

    private static func profile(of server: String, _ database: Database) throws -> ServerProfile {
        let text = try String.fetchOne(
            database.cachedStatement(sql: "SELECT profile FROM servers WHERE name = ?"), arguments: [server])
        guard let json = text.flatMap({ try? JSON(parsing: Array($0.utf8)) }) else { return ServerProfile() }
        return ServerProfile(payload: json)
    }

    /// The database is an earlier one than was there before: jobs that are newer than those it knows may be its own.
    static func noteRestored(_ database: Database) throws {
        for server in try String.fetchAll(database, sql: "SELECT name FROM servers") {
            var profile = try profile(of: server, database)
            profile.noteRestored()
            try database.execute(
                sql: "UPDATE servers SET profile = ? WHERE name = ?", arguments: [profile.payload.jsonText, server])
        }
    }

    /// Keeps what a process has learned of servers, with what others have.
    static func keep(_ profiles: [String: ServerProfile], _ database: Database) throws {
        for (server, learned) in profiles {
            var profile = try profile(of: server, database)
            profile.merge(learned)
            try database.cachedStatement(
                sql: "INSERT INTO servers VALUES (?, ?) ON CONFLICT DO UPDATE SET profile = excluded.profile"
            ).execute(arguments: [server, profile.payload.jsonText])
        }
    }
}
