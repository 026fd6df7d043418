package import DataStudio
import GRDB
package import Orchestration

/// Finding and listing runs. Each statement reads what is asked for by an index, however many runs there are.
extension Journal {
    /// Newest first. Two runs may begin in the same millisecond.
    private static let newestFirst = "ORDER BY began DESC, rowid DESC"

    /// The run with that id.
    package func run(_ id: String) throws(JournalError) -> RunRow? {
        try read { database in
            let statement = try database.cachedStatement(sql: "SELECT \(RunRow.columns) FROM runs WHERE id = ?")
            return try Row.fetchOne(statement, arguments: [id]).map(RunRow.init)
        }
    }

    /// Runs whose ids begin with a text, in the order of their ids.
    package func runs(idPrefix prefix: String, limit: Int) throws(JournalError) -> [RunRow] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT \(RunRow.columns) FROM runs WHERE id >= ? AND id < ? ORDER BY id LIMIT ?",
                // No character stands behind the last one of Unicode.
                arguments: [prefix, prefix + "\u{10FFFF}", limit]
            ).map(RunRow.init)
        }
    }

    /// The runs of a line, newest first.
    package func runs(line: String, limit: Int = .max) throws(JournalError) -> [RunRow] {
        try read { database in
            try Row.fetchAll(
                database, sql: "SELECT \(RunRow.columns) FROM runs WHERE line = ? \(Self.newestFirst) LIMIT ?",
                arguments: [line, limit]
            ).map(RunRow.init)
        }
    }

    /// The runs of a line that decide what its next run does, newest first: those that are not finished, and the newest
    /// of a key that was not abandoned.
    package func decisiveRuns(line: String, key: String?) throws(JournalError) -> [RunRow] {
        try read { database in
            var rows = try Row.fetchAll(
                database,
                sql: "SELECT \(RunRow.columns), rowid FROM runs WHERE line = ? AND fate = 'open' \(Self.newestFirst)",
                arguments: [line])
            if let key {
                let own = try Row.fetchOne(
                    database,
                    sql: """
                        SELECT \(RunRow.columns), rowid FROM runs WHERE line = ? AND key = ? AND +fate <> 'abandoned' AND +waiting = 0
                        \(Self.newestFirst) LIMIT 1
                        """,
                    arguments: [line, key])
                if let own, own["fate"] != RunFate.open.rawValue { rows.append(own) }
            }
            func age(_ row: Row) -> (Int64, Int64) { (row["began"], row["rowid"]) }
            return try rows.sorted { age($0) > age($1) }.map(RunRow.init)
        }
    }

    /// Runs, newest first.
    package func runs(
        since: Timestamp? = nil, script: String? = nil, fate: RunFate? = nil, status: RunStatus? = nil,
        limit: Int = .max
    ) throws(JournalError) -> [RunRow] {
        var selection = RunSelection()
        (selection.since, selection.script) = (since, script)
        (selection.fate, selection.status) = (fate, status)
        return try runs(selection, limit: limit)
    }

    /// Runs, newest first.
    ///
    /// - Parameter start: how many are left out, from the newest on.
    package func runs(
        _ selection: RunSelection, from start: Int = 0, limit: Int = .max
    ) throws(JournalError) -> [RunRow] {
        var (conditions, arguments) = selection.conditions
        guard let script = selection.script else {
            return try numberedRuns(where: conditions, arguments, limit, from: start).map(\.row)
        }
        let names = [("script", script), ("path", script), ("script", script + ".lua")]
        // Few runs are unfinished: their index is the one to go by. The sign keeps SQLite from using another.
        if selection.fate == .open {
            conditions.append("(" + names.map { "+\($0.0) = ?" }.joined(separator: " OR ") + ")")
            for name in names { arguments += [name.1] }
            return try numberedRuns(where: conditions, arguments, limit, from: start).map(\.row)
        }
        // Each name by its own index, as SQLite would sort all that any of them finds.
        let others = conditions.map { $0.hasPrefix("began") ? $0 : "+\($0)" }
        let last = start.addingReportingOverflow(limit)
        var found = Set<String>()
        var rows: [(row: RunRow, number: Int64)] = []
        for (column, name) in names {
            for row in try numberedRuns(
                where: ["\(column) = ?"] + others, [name] + arguments, last.overflow ? .max : last.partialValue)
            where found.insert(row.row.id).inserted {
                rows.append(row)
            }
        }
        return rows.sorted { ($0.row.began, $0.number) > ($1.row.began, $1.number) }.dropFirst(start).prefix(limit)
            .map(\.row)
    }

    private func numberedRuns(
        where conditions: [String], _ arguments: StatementArguments, _ limit: Int, from start: Int = 0
    ) throws(JournalError) -> [(row: RunRow, number: Int64)] {
        let which = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        return try read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT \(RunRow.columns), rowid FROM runs \(which) \(Self.newestFirst) LIMIT ? OFFSET ?",
                arguments: arguments + [limit, start]
            ).map { (try RunRow($0), $0["rowid"]) }
        }
    }

    /// The unfinished runs that are in doubt about one of these workflows, on whatever server, newest first.
    package func runsInDoubt(about labels: Set<String>) throws(JournalError) -> [String] {
        try read { database in
            var runs: [String: (Int64, Int64)] = [:]
            for label in labels {
                let rows = try Row.fetchAll(
                    database,
                    sql: """
                        SELECT runs.id, runs.began, runs.rowid FROM attempts
                        CROSS JOIN runs ON runs.id = attempts.run AND runs.fate = 'open'
                        WHERE attempts.state = 'ambiguous' AND attempts.label = ?
                        """,
                    arguments: [label])
                for row in rows { runs[row[0]] = (row[1], row[2]) }
            }
            return runs.sorted { $0.value > $1.value }.map(\.key)
        }
    }
}
