import DataStudio
import JSON
import Orchestration

/// Runs, one line each.
struct RunList {
    let rows: [(row: RunRow, state: String)]

    /// The words for how a run stands.
    static let states = [
        "waiting", "running", "interrupted", "held", "abandoned", "succeeded", "skipped", "failed", "check", "timeout",
        "cancelled",
    ]

    /// For people.
    ///
    /// - Parameter terminal: its width cuts the lines, if it is one: what is read by a program, or later, is not cut.
    func table(at now: Timestamp, _ terminal: Terminal) -> String {
        let paths = Dictionary(grouping: rows.map(\.row), by: \.script).mapValues { Set($0.map(\.path)) }
        let cells = rows.map { row, state in
            [
                row.id, state, row.began.localDate, duration(row, state, now),
                Self.name(of: row, among: paths[row.script] ?? []), row.key ?? "",
                row.note ?? "",
            ]
        }
        return TextTable(head: ["RUN", "STATE", "BEGAN", "TOOK", "SCRIPT", "KEY", "NOTE"], rows: cells)
            .text(terminal, ellipsis: terminal.isUnicode ? "…" : "...")
    }

    /// The script's name, with its folder where another script of the list has the same name.
    private static func name(of row: RunRow, among paths: Set<String>) -> String {
        guard paths.count > 1, row.path.hasPrefix("/") else { return row.script }
        let parts = row.path.split(separator: "/")
        for count in 2...max(2, parts.count) {
            let end = parts.suffix(count).joined(separator: "/")
            if !paths.contains(where: { $0 != row.path && $0.hasSuffix("/" + end) }) { return end }
        }
        return row.path
    }

    private func duration(_ row: RunRow, _ state: String, _ now: Timestamp) -> String {
        // When a process died is not known, only what it wrote last.
        let isLive = ["waiting", "running"].contains(state)
        return (row.isUnended && !isLive ? "> " : "") + ((isLive ? now : row.updated) - row.began).short
    }

    /// For programs.
    var json: String {
        rows.map { row, state in
            JSON.record([
                "run": .string(row.id), "state": .string(state), "script": .string(row.script),
                "path": .string(row.path), "server": .string(row.server), "began": .string(row.began.iso8601),
                "updated": .string(row.updated.iso8601), "key": row.key.map { .string($0) },
                "note": row.note.map { .string($0) },
            ]).jsonText + "\n"
        }.joined()
    }
}
