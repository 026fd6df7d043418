import DataStudio
import Journal
import Orchestration
import Testing

/// Which runs are listed, and in which order.
@Suite struct ListTests {
    private static let began = Timestamp(milliseconds: 1_772_337_906_000)

    private func add(
        _ number: Int64, _ journal: Journal, line: String = "l", key: String? = nil, script: String = "a.lua",
        path: String = "/s/a.lua"
    ) throws -> RunRow {
        let row = RunRow(
            id: "", line: line, key: key, path: path, script: script, textHash: "", server: "s",
            began: Self.began + .seconds(number))
        return try journal.add(row, RunBeginning(script: script, text: "execute 'a'", seed: 1))
    }

    private func end(_ row: RunRow, _ status: RunStatus, _ journal: Journal) throws {
        try journal.append(.ended(status), key: "", attempt: 1, to: row.id, at: row.began)
    }

    @Test func `runs are listed newest first, as many as are wanted`() throws {
        let journal = try Place().open()
        let rows = try [3, 1, 2, 2].map { try add($0, journal) }
        #expect(try journal.runs().map(\.id) == [rows[0], rows[3], rows[2], rows[1]].map(\.id))
        #expect(try journal.runs(limit: 2).map(\.id) == [rows[0].id, rows[3].id])
        #expect(try journal.runs(since: Self.began + .seconds(2)).count == 3)
        #expect(try journal.runs(line: "l", limit: 1).map(\.id) == [rows[0].id])
    }

    @Test func `runs of a script are found by its name and by its path, each once`() throws {
        let journal = try Place().open()
        let named = try add(1, journal)
        let other = try add(2, journal, script: "b.lua", path: "/s/b.lua")
        let both = try add(3, journal, script: "/s/a.lua")
        for name in ["a", "a.lua"] { #expect(try journal.runs(script: name).map(\.id) == [named.id]) }
        #expect(try journal.runs(script: "/s/a.lua").map(\.id) == [both.id, named.id])
        #expect(try journal.runs(script: "/s/a.lua", limit: 1).map(\.id) == [both.id])
        #expect(try journal.runs(since: both.began, script: "/s/a.lua").map(\.id) == [both.id])
        try end(named, .failed, journal)
        try end(other, .failed, journal)
        #expect(try journal.runs(script: "/s/a.lua", fate: .open).map(\.id) == [both.id])
        #expect(try journal.runs(script: "a", fate: .ended, status: .failed).map(\.id) == [named.id])
        #expect(try journal.runs(script: "a", fate: .ended, status: .succeeded).isEmpty)
        #expect(try journal.runs(fate: .ended, status: .failed).map(\.id) == [other.id, named.id])
    }

    @Test func `runs are found by their server and workflows, in pages`() throws {
        let journal = try Place().open()
        let rows = try (1...5).map { try add($0, journal) }
        for row in rows.prefix(3) {
            try journal.commit(Commit(records: [.intent(1, label: "wf")]), of: row.id)
        }
        let expected = rows.prefix(3).reversed().map(\.id)
        let selection = RunSelection(workflow: "wf", server: "s")
        #expect(try journal.runs(selection).map(\.id) == expected)
        #expect(try journal.runs(selection, from: 1, limit: 1).map(\.id) == [expected[1]])
        #expect(try journal.runs(RunSelection(workflow: "w")).isEmpty)
        #expect(try journal.runs(RunSelection(server: "t")).isEmpty)
        var byScript = selection
        byScript.script = "/s/a.lua"
        #expect(try journal.runs(byScript, from: 1).map(\.id) == Array(expected.dropFirst()))
        #expect(try journal.runs(byScript, from: 2, limit: .max).map(\.id) == [expected[2]])
    }

    @Test func `a run is found by the beginning of its id`() throws {
        let journal = try Place().open()
        let rows = try (0..<40).map { try add($0, journal) }
        for row in rows {
            let prefix = String(row.id.prefix(2))
            let expected = rows.map(\.id).filter { $0.hasPrefix(prefix) }.sorted()
            #expect(try journal.runs(idPrefix: prefix, limit: 100).map(\.id) == expected)
            #expect(try journal.runs(idPrefix: row.id, limit: 1).map(\.id) == [row.id])
        }
        #expect(try journal.runs(idPrefix: "%", limit: 100).isEmpty)
    }

    @Test func `what decides about a line's next run are its unfinished runs and the newest of its key`() throws {
        let journal = try Place().open()
        let old = try add(1, journal, key: "k")
        let open = try add(2, journal)
        let done = try add(3, journal, key: "k")
        let abandoned = try add(4, journal, key: "k")
        let newest = try add(5, journal, key: "other")
        for row in [old, done, newest] { try end(row, .succeeded, journal) }
        try journal.abandon(abandoned.id, note: "")
        _ = try add(6, journal, line: "another", key: "k")
        #expect(try journal.decisiveRuns(line: "l", key: "k").map(\.id) == [done.id, open.id])
        #expect(try journal.decisiveRuns(line: "l", key: nil).map(\.id) == [open.id])
        let last = try add(7, journal, key: "k")
        #expect(try journal.decisiveRuns(line: "l", key: "k").map(\.id) == [last.id, open.id], "each once")
    }

    @Test func `unfinished runs in doubt are found by the workflow`() throws {
        let journal = try Place().open()
        let runs = try (0..<3).map { try journal.begin(Self.began + .seconds($0)) }
        for run in runs {
            let doubt = Record(
                sequence: 3, key: "execute#1", attempt: 1, at: run.began, body: .ambiguous(Ambiguity(reason: "two")))
            try journal.commit(Commit(records: [.intent(2), doubt]), of: run.id)
        }
        try journal.abandon(runs[1].id, note: "")
        #expect(try journal.runsInDoubt(about: ["a", "b"]) == [runs[2].id, runs[0].id])
        #expect(try journal.runsInDoubt(about: ["b"]).isEmpty)
    }

    @Test func `metrics tell of each script its last run and its last success`() throws {
        let journal = try Place().open()
        // Scripts of one name in two folders.
        let rows = try [(1, "/s/a.lua"), (2, "/s/a.lua"), (3, "/t/a.lua")].map { try add($0.0, journal, path: $0.1) }
        try end(rows[0], .succeeded, journal)
        try end(rows[1], .failed, journal)
        let measures = try journal.measures { $0.status == .succeeded ? 0 : 1 }
        func value(_ name: String, _ path: String) -> Double? {
            measures.first { $0.name == name && $0.path == path }?.value
        }
        #expect(value("baton_last_run_exit_code", "/s/a.lua") == 1)
        #expect(value("baton_last_success_timestamp_seconds", "/s/a.lua") == Double(rows[0].began.milliseconds) / 1000)
        #expect(value("baton_last_run_exit_code", "/t/a.lua") == nil)
        #expect(value("baton_runs_unfinished", "/t/a.lua") == 1)
    }
}
