import GRDB

/// Workflows that runs may have started twice.
extension Journal {
    /// Keeps what is suspected of a run, each sentence once.
    ///
    /// - Parameter sequence: of the last record at that time.
    static func keep(_ suspicions: [String], after sequence: Int, of run: String, _ database: Database) throws {
        guard !suspicions.isEmpty else { return }
        let insert = try database.cachedStatement(
            sql: "INSERT OR IGNORE INTO suspicions (run, text, seq) VALUES (?, ?, ?)")
        for text in suspicions { try insert.execute(arguments: [run, text, sequence]) }
    }

    /// What is suspected of a run, in the order in which it was kept.
    ///
    /// - Parameter sinceRetry: only what was kept since somebody retried the run the last time, and had been told of
    ///   everything before.
    package func suspicions(of run: String, sinceRetry: Bool = false) throws(JournalError) -> [String] {
        try read { try Self.suspicions(of: run, sinceRetry: sinceRetry, $0) }
    }

    static func suspicions(of run: String, sinceRetry: Bool, _ database: Database) throws -> [String] {
        try String.fetchAll(
            database,
            sql: """
                SELECT text FROM suspicions WHERE run = :run AND (:all OR seq >= ifnull((
                  SELECT MAX(seq) FROM records WHERE run = :run AND kind = 'retried'), 0))
                ORDER BY seq, text
                """,
            arguments: ["run": run, "all": !sinceRetry])
    }
}
