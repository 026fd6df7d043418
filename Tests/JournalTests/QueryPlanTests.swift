import DataStudio
import GRDB
import Orchestration
import Synchronization
import Testing

@testable import Journal

/// No statement of the journal reads a whole table that grows with the runs.
@Suite struct QueryPlanTests {
    /// Tables that grow with the runs.
    private static let growing = [
        "runs", "records", "attempts", "durations", "commands", "modules", "suspicions", "scripts",
    ]

    /// Scans that are meant, by the beginning of the statement and of the plan's line.
    private static let allowed: [(statement: String, plan: String)] = [
        // The newest runs, as many as are shown: LIMIT ends the scan.
        ("SELECT \(RunRow.columns), rowid FROM runs  ORDER BY began DESC", "SCAN runs USING INDEX runs_by_began"),
        // The steps that were kept last: LIMIT ends the scan.
        ("SELECT started, duration, state, title FROM durations ORDER BY rowid DESC LIMIT", "SCAN durations"),
        // What is not settled is little.
        ("SELECT attempts.server, COUNT(*) FROM attempts", "SCAN attempts USING INDEX attempts_unsettled"),
        // What a person filters by without an index: the newest first, until enough are found.
        ("SELECT \(RunRow.columns), rowid FROM runs WHERE server = ?", "SCAN runs USING INDEX runs_by_began"),
        // Everything is asked for: the tests of crashes compare it.
        ("SELECT records.seq", "SCAN attempts"),
    ]

    /// The statements that the journal executes.
    private final class Statements: Sendable {
        private let texts = Mutex<Set<String>>([])

        func note(_ text: String) { _ = texts.withLock { $0.insert(text) } }
        var all: [String] { texts.withLock { $0.sorted() } }
    }

    @Test func `no statement reads a whole table of the runs`() throws {
        let journal = try Place().open()
        let statements = Statements()
        journal.queue.writeWithoutTransaction { database in
            database.trace { event in
                if case .statement(let statement) = event { statements.note(statement.sql) }
            }
        }
        try useEverything(journal)
        journal.queue.writeWithoutTransaction { $0.trace(options: []) }
        let explained = statements.all.filter { text in
            ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains { text.hasPrefix($0) }
        }
        #expect(explained.count > 50, "all functions of the journal are called: \(explained.count)")
        for text in explained {
            for line in try plan(of: text, journal) where isScan(line) {
                let isAllowed = Self.allowed.contains { text.hasPrefix($0.statement) && line.hasPrefix($0.plan) }
                #expect(isAllowed || isDeletionOfEverything(text), "\(line), for \(text)")
            }
        }
    }

    @Test func `a scan is found`() throws {
        let journal = try Place().open()
        #expect(try plan(of: "SELECT id FROM runs WHERE note = ?", journal).contains(where: isScan))
        #expect(try !plan(of: "SELECT id FROM runs WHERE line = ?", journal).contains(where: isScan))
    }

    /// The tests of crashes begin anew by that.
    private func isDeletionOfEverything(_ text: String) -> Bool {
        text.hasPrefix("DELETE FROM") && !text.contains("WHERE")
    }

    private func isScan(_ line: String) -> Bool {
        let words = line.split(separator: " ")
        return words.count > 1 && words[0] == "SCAN" && Self.growing.contains(String(words[1]))
    }

    /// As SQLite plans it: with parameters that have no values yet.
    private func plan(of text: String, _ journal: Journal) throws -> [String] {
        try journal.queue.writeWithoutTransaction { database in
            let statement = try database.makeStatement(sql: "EXPLAIN QUERY PLAN " + text)
            statement.setUncheckedArguments(StatementArguments())
            return try Row.fetchAll(statement).map { $0["detail"] }
        }
    }

    // MARK: Everything that the journal does

    private func useEverything(_ journal: Journal) throws {
        let now = Timestamp(milliseconds: 1_772_337_906_000)
        let run = try journal.begin(now)
        let other = try journal.begin(now + .seconds(1))
        try useLists(journal, run)
        try useAttempts(journal, run, other)
        try usePeople(journal, run, other)
        _ = try journal.measures { _ in 0 }
        try journal.keep(
            adding: [Measure("n", path: "s", label: "l", 2)], setting: [Measure("d", path: "s", label: "l", 7)])
        try journal.append(.ended(.succeeded), key: "", attempt: 1, to: run.id, at: now)
        try journal.abandon(other.id, note: "")
        var waiting = other
        (waiting.id, waiting.isWaiting) = ("", true)
        waiting = try journal.add(waiting, RunBeginning(script: "n", text: "", seed: 1), replacesWaiting: true)
        _ = try journal.begin(waiting: waiting.id, at: now)
        try journal.close(waiting: waiting.id, note: "", at: now)
        _ = try journal.measures { _ in 0 }
        try journal.noteRestored()
        _ = try journal.prune(before: now + .seconds(86_400), now: now + .seconds(40 * 86_400))
        try journal.forgetEverything()
    }

    private func useLists(_ journal: Journal, _ run: RunRow) throws {
        _ = try journal.run(run.id)
        _ = try journal.runs(idPrefix: "2", limit: 6)
        _ = try journal.runs(line: "test", limit: 1)
        _ = try journal.decisiveRuns(line: "test", key: "k")
        for since in [nil, run.began] {
            for script in [nil, "test.lua"] {
                for fate in [nil, RunFate.open, .abandoned] {
                    _ = try journal.runs(since: since, script: script, fate: fate, limit: 50)
                }
                _ = try journal.runs(since: since, script: script, fate: .ended, status: .failed, limit: 50)
            }
        }
        for script in [nil, "test.lua"] {
            var selection = RunSelection(workflow: "a", server: "s")
            selection.script = script
            _ = try journal.runs(selection, from: 1, limit: 50)
        }
        _ = try journal.runsInDoubt(about: ["a"])
        _ = try journal.beginning(of: run.id)
        _ = try journal.log(of: run.id)
        _ = try journal.log(of: run.id, part: 1)
    }

    private func useAttempts(_ journal: Journal, _ run: RunRow, _ other: RunRow) throws {
        var commit = Commit(records: [.intent(2)])
        commit.profiles = ["http://studio": ServerProfile()]
        commit.suspicions = ["job 7 of a"]
        try journal.commit(commit, of: run.id)
        let job = JobIdentity(JobID("7"), created: run.began)
        try journal.commit(Commit(records: [.accepted(3, "7")]), of: run.id)
        commit = Commit()
        commit.sightings = [Sighting(key: "execute#1", attempt: 1, job: job)]
        try journal.commit(commit, of: run.id)
        try journal.commit(Commit(records: [.intent(2, at: 1_772_337_907_000)]), of: other.id)
        let state = try journal.state(of: .a, for: other.id) { _ in false }
        for predecessor in state.predecessors { try journal.note(over: predecessor) }
        _ = try journal.state(of: .a, for: run.id) { _ in false }
        _ = try journal.openAttempts(of: run.id)
        _ = try journal.allAttempts()
        _ = try journal.owner(of: job, on: Gate.a.server, besides: other.id, "execute#1")
        _ = try journal.sights(of: run.id)
        _ = try journal.profile(of: "http://studio")
        try journal.commit(Commit(records: [.settled(4, "7")]), of: run.id)
        _ = try journal.durations(title: "a")
        _ = try journal.allDurations()
        _ = try journal.completed(title: "a", server: Gate.a.server, space: nil, before: run.began)
        _ = try journal.suspicions(of: run.id)
    }

    private func usePeople(_ journal: Journal, _ run: RunRow, _ other: RunRow) throws {
        try journal.send("cancel", to: run.id, by: "me", at: run.began)
        var commit = Commit()
        commit.requests = try journal.requests(of: run.id).map(\.id)
        try journal.commit(commit, of: run.id)
        let doubt = RecordBody.ambiguous(Ambiguity(reason: "two"))
        try journal.append(doubt, key: "execute#1", attempt: 1, to: other.id, at: other.began)
        for resolution in [Resolution.done, .restart] {
            try journal.resolve("execute#1", attempt: 1, resolution, by: "me", of: other.id, at: other.began)
        }
        var revision = RunBeginning(script: "test.lua", text: "execute 'b'", seed: 1)
        revision.modules = ["m": "return 1"]
        var retrial = Retrial(by: "me")
        retrial.void = [2]
        retrial.adopted = ["execute#1": JobIdentity(JobID("8"), created: other.began)]
        try journal.retry(retrial, revision: revision, of: other.id, at: other.began)
        try journal.takeUp(other.id, at: Timestamp(milliseconds: 1_772_337_907_000))
        try journal.note(other.id, status: .detached)
    }
}
