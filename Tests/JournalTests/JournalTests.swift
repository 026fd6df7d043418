import DataStudio
import Foundation
import JSON
import Journal
import Orchestration
import Testing

/// The journal's file: what it keeps, and what it refuses.
@Suite struct JournalTests {
    @Test func `a log is read as it was written, every kind of it`() throws {
        let place = Place()
        let journal = try place.open()
        let row = try journal.begin()
        let time = Timestamp(milliseconds: 1_772_337_907_123)
        let job = Job(
            id: JobID("7"), label: "a", state: .failed, stateName: "Failed", created: time, started: time,
            finished: time, message: "Row 17", details: .record(["x": .array([1, true, .null])]))
        let seen = JobIdentity(JobID("8"), created: time)
        let bodies: [RecordBody] = [
            .void(reason: "refused"), .accepted(Acceptance(job: JobID("7"), source: .adopted(evidence: "user x"))),
            .accepted(Acceptance(job: JobID("9"), serverTime: time, source: .person("me"))),
            .ambiguous(Ambiguity(reason: "two", candidates: [seen])),
            .resolved(.adopt(JobIdentity(JobID("8"), created: Timestamp(milliseconds: 5))), by: "me"),
            .resolved(.restart, by: "me"), .settled(.finished(job)),
            .settled(.failed(StepFailure(kind: .rejected, message: "no"))), .answered(.job(nil)), .answered(.job(job)),
            .answered(.jobs([job])), .answered(.cancelled(false, reason: "late")), .answered(.done),
            .answered(.doubtful("lost")), .answered(.failed(StepFailure(kind: .protocol, message: "?"))),
            .answered(.workflows([Workflow(label: "a", name: nil, space: "s", details: .object([]))])),
            .answered(.spaces([Space(label: "s", name: "S", details: .object([]))])),
            .answered(
                .dataset(Dataset(label: "d", state: .completed, stateName: "OK", refreshed: time, details: .null))),
            .fired(.timeout, state: .running), .fired(.sleep, state: nil), .stopping(by: "me"), .ended(.check),
        ]
        let records = bodies.enumerated().map {
            Record(sequence: $0 + 2, key: "k", attempt: 2, at: time, body: $1)
        }
        try journal.commit(Commit(records: records), of: row.id)
        #expect(try journal.log(of: row.id, after: 1) == records)
        guard case .began(let beginning)? = try journal.log(of: row.id).first?.body else {
            Issue.record("no beginning")
            return
        }
        #expect(beginning.text == "execute 'a'")
    }

    @Test func `a record out of order is refused, and nothing of its commit is kept`() throws {
        let journal = try Place().open()
        let row = try journal.begin()
        #expect(throws: JournalError.self) {
            try journal.commit(Commit(records: [.intent(3)]), of: row.id)
        }
        #expect(throws: JournalError.self) {
            try journal.commit(Commit(records: [.intent(2), .intent(2)]), of: row.id)
        }
        #expect(try journal.log(of: row.id).count == 1)
    }

    @Test func `a gate tells what other runs have left at it`() throws {
        let journal = try Place().open()
        let first = try journal.begin()
        let second = try journal.begin()
        try journal.commit(Commit(records: [.intent(2)]), of: first.id)
        #expect(try journal.state(of: .a, for: second.id) { _ in true }.doubts.map(\.run) == [first.id])
        #expect(try journal.state(of: .a, for: first.id) { _ in true }.doubts.isEmpty, "its own it knows")
        try journal.commit(Commit(records: [.accepted(3, "7")]), of: first.id)
        let state = try journal.state(of: .a, for: second.id) { _ in true }
        #expect(state.doubts.isEmpty && state.predecessors.isEmpty)
        #expect(state.owned.map(\.identity.id) == [JobID("7")])
        try journal.abandon(first.id, note: "given up")
        #expect(try journal.state(of: .a, for: second.id) { _ in true }.predecessors.map(\.job.id) == [JobID("7")])
        try journal.append(
            Record.settled(4, "7").body, key: "execute#1", attempt: 1, to: first.id, at: first.began)
        #expect(try journal.state(of: .a, for: second.id) { _ in true }.predecessors.isEmpty)
        #expect(try journal.durations(title: "a").map(\.duration) == [.seconds(5)])
        let server = Gate.a.server
        let late = first.began + .seconds(1)
        #expect(
            try journal.completed(title: "a", server: server, space: nil, before: late).map(\.duration) == [.seconds(5)]
        )
        #expect(try journal.completed(title: "a", server: server, space: "S", before: late).isEmpty)
        #expect(try journal.completed(title: "a", server: "another", space: nil, before: late).isEmpty)
        #expect(try journal.completed(title: "a", server: server, space: nil, before: first.began).isEmpty)
    }

    @Test func `what a start knew of the server's jobs is kept until it is known what came of it`() throws {
        let journal = try Place().open()
        let first = try journal.begin()
        let second = try journal.begin()
        let known = [JobIdentity(JobID("5"), created: first.began), JobIdentity(JobID("6"), created: nil)]
        let intent = Record.intent(2).knowing(known)
        try journal.commit(Commit(records: [intent]), of: first.id)
        #expect(try journal.log(of: first.id).last == intent)
        let doubt = try #require(try journal.state(of: .a, for: second.id) { _ in true }.doubts.first)
        #expect(doubt.open.readiness.evidence.known == known)
        #expect(try journal.openAttempts(of: first.id).map(\.intent.evidence.known) == [known])
        #expect(try journal.logSize(of: first.id) < 500, "the log does not grow by it")
        try journal.commit(Commit(records: [.accepted(3, "7")]), of: first.id)
        #expect(try journal.log(of: first.id)[1] == .intent(2))
        #expect(try journal.openAttempts(of: first.id).map(\.intent.evidence.known) == [[]])
    }

    @Test func `a process that has asked before gets only the last jobs of a workflow`() throws {
        let journal = try Journal.inMemory(recentJobs: 2)
        let run = try journal.begin()
        for number in 1...5 {
            let records = [
                Record.intent(2 * number, number), .accepted(2 * number + 1, "\(number)", attempt: number),
            ]
            try journal.commit(Commit(records: records), of: run.id)
        }
        func owned(since earlier: Int64?) throws -> [String] {
            try journal.state(of: .a, for: run.id, since: earlier) { _ in true }.owned.map(\.identity.id.text).sorted()
        }
        #expect(try owned(since: nil) == ["1", "2", "3", "4", "5"])
        let last = try journal.state(of: .a, for: run.id) { _ in true }.lastAttempt
        #expect(try owned(since: last) == ["3", "4", "5"])
        #expect(try owned(since: last - 4) == ["2", "3", "4", "5"], "all that were started since")
        try journal.commit(Commit(records: [.intent(12, 6)]), of: run.id)
        #expect(try owned(since: last).count == 5, "its job may be any of a day")
    }

    @Test func `measures grow or are set, and runs are counted`() throws {
        let journal = try Place().open()
        let run = try journal.begin()
        try journal.keep(
            adding: [Measure("n", path: "s", label: "l", 2)], setting: [Measure("d", path: "s", label: "l", 7)])
        try journal.keep(
            adding: [Measure("n", path: "s", label: "l", 3)], setting: [Measure("d", path: "s", label: "l", 1)])
        func value(_ name: String, _ label: String = "") throws -> Double? {
            try journal.measures { $0.status == .succeeded ? 0 : 1 }
                .first { $0.name == name && $0.label == label }?.value
        }
        #expect(try value("n", "l") == 5)
        #expect(try value("d", "l") == 1)
        #expect(try value("baton_runs_unfinished", "running") == 1)
        #expect(try value("baton_last_run_exit_code") == nil)
        let end = Record(sequence: 2, key: "", attempt: 1, at: run.began + .seconds(9), body: .ended(.failed))
        try journal.commit(Commit(records: [end]), of: run.id)
        #expect(try value("baton_runs_unfinished", "running") == nil)
        #expect(try value("baton_last_run_exit_code") == 1)
        #expect(try value("baton_last_run_duration_seconds") == 9)
        #expect(try value("baton_last_success_timestamp_seconds") == nil)
    }

    @Test func `a step in doubt holds what other runs would start, until its run is given up`() throws {
        let journal = try Place().open()
        let first = try journal.begin()
        let second = try journal.begin()
        let doubt = Record(
            sequence: 3, key: "execute#1", attempt: 1, at: first.began,
            body: .ambiguous(Ambiguity(reason: "two", candidates: [JobIdentity(JobID("7"), created: nil)])))
        try journal.commit(Commit(records: [.intent(2), doubt]), of: first.id)
        #expect(try journal.state(of: .a, for: second.id) { _ in true }.heldBy == first.id)
        #expect(try journal.state(of: .a, for: second.id) { _ in true }.reserved.map(\.id) == [JobID("7")])
        try journal.abandon(first.id, note: "given up")
        #expect(try journal.state(of: .a, for: second.id) { _ in true }.heldBy == nil)
    }

    @Test func `a job belongs to one step, and the same id with another time is another job`() throws {
        let journal = try Place().open()
        let first = try journal.begin()
        let second = try journal.begin()
        try journal.commit(Commit(records: [.intent(2), .accepted(3, "7")]), of: first.id)
        #expect(throws: JournalError.self) {
            try journal.commit(Commit(records: [.intent(2), .accepted(3, "7")]), of: second.id)
        }
        try journal.commit(Commit(records: [.intent(2), .accepted(3, "7", at: 1_772_337_999_000)]), of: second.id)
    }

    @Test func `a run that goes on learns which of its ids later starts of others have got`() throws {
        let journal = try Place().open()
        let (first, second) = (try journal.begin(), try journal.begin())
        func accepted(_ job: String) -> Record {
            Record(
                sequence: 3, key: "execute#1", attempt: 1, at: first.began,
                body: .accepted(Acceptance(job: JobID(job), serverTime: first.began)))
        }
        try journal.commit(Commit(records: [.intent(2), accepted("7")]), of: first.id)
        #expect(try journal.sights(of: first.id).isEmpty)
        try journal.commit(Commit(records: [.intent(2), accepted("7")]), of: second.id)
        #expect(try journal.sights(of: first.id).map(\.successors) == [[JobIdentity(JobID("7"), label: "a")]])
        #expect(try journal.sights(of: second.id).isEmpty)
    }

    @Test func `a person's word takes the place of the one before, until something follows it`() throws {
        let journal = try Place().open()
        let run = try journal.begin()
        let other = try journal.begin()
        let doubt = Record(
            sequence: 3, key: "execute#1", attempt: 1, at: run.began, body: .ambiguous(Ambiguity(reason: "two")))
        try journal.commit(Commit(records: [.intent(2), doubt]), of: run.id)
        func say(_ resolution: Resolution) throws {
            try journal.resolve("execute#1", attempt: 1, resolution, by: "me", of: run.id, at: run.began)
        }
        let job = JobIdentity(JobID("7"), created: run.began)
        try say(.done)
        #expect(try journal.openAttempts(of: run.id).isEmpty)
        try say(.adopt(job))
        #expect(try journal.log(of: run.id).map(\.body).last == .resolved(.adopt(job), by: "me"))
        #expect(try journal.log(of: run.id).count == 4)
        #expect(try journal.openAttempts(of: run.id).map(\.job) == [job.id])
        let server = try #require(try journal.openAttempts(of: run.id).first?.server)
        #expect(try journal.owner(of: job, on: server, besides: other.id, "execute#1")?.run == run.id)
        #expect(try journal.owner(of: job, on: server, besides: run.id, "execute#1") == nil, "its own")
        let later = JobIdentity(job.id, created: run.began + .seconds(9))
        #expect(
            try journal.owner(of: later, on: server, besides: other.id, "execute#1") == nil, "an id given away again")
        try journal.append(.resumed, key: "", attempt: 1, to: run.id, at: run.began)
        try say(.fail)
        #expect(try journal.log(of: run.id).count == 6, "what was gone on from stays")
    }

    @Test func `a run that died before its first record can begin`() throws {
        let journal = try Place().open()
        var beginning = RunBeginning(script: "test.lua", text: "execute 'a'", seed: 5)
        beginning.modules = ["m": "return 1"]
        beginning.arguments = ["x"]
        let row = try journal.add(
            RunRow(
                id: "", line: "l", path: "/test.lua", script: "test.lua", textHash: "", server: "s",
                began: Timestamp(milliseconds: 1)), beginning)
        #expect(try journal.log(of: row.id).isEmpty)
        beginning.run = row.id
        #expect(try journal.beginning(of: row.id) == beginning)
    }

    @Test func `what is damaged, newer or read-only is refused, and left as it is`() throws {
        let place = Place()
        try place.open().close()
        let file = place.folder.database
        let bytes = Data("this is no database, whatever its name says, and it is long enough to be read as one".utf8)
        for name in [file + "-wal", file + "-shm"] { try? FileManager.default.removeItem(atPath: name) }
        try bytes.write(to: URL(fileURLWithPath: file))
        #expect { try place.open() } throws: { ($0 as? JournalError)?.code == .damaged }
        #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == bytes)

        let newer = Place()
        try newer.open().close()
        try sqlite(newer.folder.database, "INSERT INTO grdb_migrations VALUES ('99')")
        #expect { try newer.open() } throws: { ($0 as? JournalError)?.code == .newer }
    }

    @Test func `a commit is on the disk when it returns, unless that is not wanted`() throws {
        let journal = try Place().open()
        #expect(try journal.isDurable)
        try journal.makeUndurable()
        #expect(try !journal.isDurable)
    }

    @Test func `files are for their owner only`() throws {
        let place = Place()
        let journal = try place.open()
        _ = try journal.begin()
        for name in try FileManager.default.contentsOfDirectory(atPath: place.path) {
            let mode = try FileManager.default.attributesOfItem(atPath: place.path + "/" + name)[.posixPermissions]
            #expect(((mode as? Int) ?? 0o777) & 0o077 == 0, "\(name)")
        }
    }

    @Test func `pruning keeps what is unfinished, and what is younger than that`() throws {
        let journal = try Place().open()
        let day: Int64 = 86_400_000
        var rows: [RunRow] = []
        for number in 0..<4 { rows.append(try journal.begin(Timestamp(milliseconds: Int64(number) * day + day))) }
        for number in [0, 1, 3] {
            try journal.append(.ended(.succeeded), key: "", attempt: 1, to: rows[number].id, at: rows[number].began)
        }
        #expect(
            try journal.prune(before: Timestamp(milliseconds: 100 * day), now: Timestamp(milliseconds: 100 * day)) == 2)
        #expect(try Set(journal.runs().map(\.id)) == [rows[2].id, rows[3].id])
    }

    @Test func `pruning keeps a run that was given up while its job may still run`() throws {
        let journal = try Place().open()
        let run = try journal.begin()
        try journal.commit(Commit(records: [.intent(2), .accepted(3, "7")]), of: run.id)
        try journal.abandon(run.id, note: "given up")
        let later = run.began + .seconds(3600)
        #expect(try journal.prune(before: later, now: later) == 0)
        #expect(try journal.prune(before: later, now: run.began + .seconds(31 * 86_400)) == 1)
    }

    /// Changes a journal behind its back.
    private func sqlite(_ file: String, _ sql: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sqlite3", file, sql]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    @Test func `the job of a step that starts again is waited for as long as it may run`() throws {
        let journal = try Place().open()
        let row = try journal.begin()
        try journal.commit(Commit(records: [.intent(2), .accepted(3, "7")]), of: row.id)
        try journal.append(.ended(.cancelled), key: "", attempt: 1, to: row.id, at: row.began)
        var retrial = Retrial(by: "somebody")
        retrial.again = [try #require(try journal.allAttempts().first?.key)]
        try journal.retry(retrial, of: row.id, at: row.began)
        #expect(try journal.allAttempts().map(\.state) == [.left])
    }
}
