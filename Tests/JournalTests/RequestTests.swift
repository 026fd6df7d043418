import DataStudio
import Journal
import Orchestration
import Testing

/// Requests of other processes, and what else belongs to a run beside its log: kept until it is done, and no longer.
@Suite struct RequestTests {
    private func record(_ sequence: Int, _ body: RecordBody, of run: RunRow) -> Record {
        Record(sequence: sequence, key: "", attempt: 1, at: run.began, body: body)
    }

    private func verbs(_ journal: Journal, _ run: RunRow) throws -> [String] {
        try journal.requests(of: run.id).map(\.verb)
    }

    @Test func `a request stays until the commit that makes its effect durable`() throws {
        let journal = try Place().open()
        let run = try journal.begin()
        let other = try journal.begin()
        for row in [run, other] { try journal.send("cancel", to: row.id, by: "me", at: run.began) }
        let request = try #require(try journal.requests(of: run.id).first)
        #expect(request == RunRequest(id: request.id, verb: "cancel", by: "me", at: run.began))
        #expect(try journal.requests(of: run.id) == [request], "reading takes nothing")
        // A commit that fails has no effect.
        var commit = Commit(records: [record(9, .stopping(by: "me"), of: run)])
        commit.requests = [request.id]
        #expect(throws: JournalError.self) { try journal.commit(commit, of: run.id) }
        #expect(try journal.requests(of: run.id) == [request])
        commit.records = [record(2, .stopping(by: "me"), of: run)]
        try journal.commit(commit, of: run.id)
        #expect(try journal.requests(of: run.id).isEmpty)
        #expect(try verbs(journal, other) == ["cancel"], "another run's request is none of its business")
    }

    @Test func `a commit may have requests and no records`() throws {
        let journal = try Place().open()
        let run = try journal.begin()
        try journal.send("resolve", "nonsense", to: run.id, by: "me", at: run.began)
        try journal.send("cancel", to: run.id, by: "me", at: run.began)
        var commit = Commit()
        #expect(commit.isEmpty)
        commit.requests = [try #require(try journal.requests(of: run.id).first).id]
        try journal.commit(commit, of: run.id)
        #expect(try verbs(journal, run) == ["cancel"])
        #expect(try journal.log(of: run.id).count == 1)
        #expect(try journal.run(run.id)?.updated == run.updated, "it has no new record")
    }

    @Test func `the last record of a run ends what was asked of it`() throws {
        let journal = try Place().open()
        let run = try journal.begin()
        for verb in ["stop", "cancel"] { try journal.send(verb, to: run.id, by: "me", at: run.began) }
        try journal.commit(Commit(records: [record(2, .ended(.failed), of: run)]), of: run.id)
        #expect(try verbs(journal, run).isEmpty)
    }

    @Test func `a retry is a newer decision than what was asked before`() throws {
        let journal = try Place().open()
        let run = try journal.begin()
        try journal.commit(Commit(records: [record(2, .ended(.failed), of: run)]), of: run.id)
        // It came when the run was over, and nobody had noticed.
        try journal.send("cancel", to: run.id, by: "me", at: run.began)
        try journal.retry(Retrial(by: "you"), of: run.id, at: run.began)
        #expect(try verbs(journal, run).isEmpty)
    }

    @Test func `a request to stop is for the process that was live, one to cancel is for the run`() throws {
        let journal = try Place().open()
        let run = try journal.begin()
        for verb in ["stop", "cancel", "resolve"] { try journal.send(verb, to: run.id, by: "me", at: run.began) }
        try journal.takeUp(run.id, at: Timestamp(milliseconds: 1_772_337_907_000))
        #expect(try verbs(journal, run) == ["cancel", "resolve"])
        try journal.send("stop", to: run.id, by: "me", at: run.began)
        try journal.note(run.id, status: .detached)
        #expect(try verbs(journal, run) == ["cancel", "resolve"])
    }

    @Test func `what may have been started twice is kept with the run, and once`() throws {
        let place = Place()
        let journal = try place.open()
        let run = try journal.begin()
        var commit = Commit(records: [.intent(2)])
        commit.suspicions = ["job 7 of a"]
        try journal.commit(commit, of: run.id)
        commit = Commit()
        commit.suspicions = ["job 7 of a", "job 8 of a"]
        try journal.commit(commit, of: run.id)
        try journal.takeUp(run.id, at: Timestamp(milliseconds: 1_772_337_907_000))
        try journal.note(run.id, status: .detached)
        try journal.close()
        let again = try place.open()
        #expect(try again.suspicions(of: run.id) == ["job 7 of a", "job 8 of a"])
        #expect(try again.suspicions(of: run.id, sinceRetry: true) == ["job 7 of a", "job 8 of a"])
        #expect(try again.suspicions(of: again.begin().id).isEmpty)
        // Whoever retries a run has been told of it.
        try again.retry(Retrial(by: "me"), of: run.id, at: run.began)
        #expect(try again.suspicions(of: run.id, sinceRetry: true).isEmpty)
        commit.suspicions = ["job 9 of a"]
        try again.commit(commit, of: run.id)
        #expect(try again.suspicions(of: run.id, sinceRetry: true) == ["job 9 of a"])
        #expect(try again.suspicions(of: run.id).count == 3)
    }

    @Test func `metrics have the exit code of a run that may have started something twice`() throws {
        let journal = try Place().open()
        let run = try journal.begin()
        var commit = Commit(records: [record(2, .ended(.succeeded), of: run)])
        commit.suspicions = ["job 7 of a"]
        try journal.commit(commit, of: run.id)
        let measures = try journal.measures { $0.suspicions.isEmpty ? 0 : 8 }
        #expect(measures.first { $0.name == "baton_last_run_exit_code" }?.value == 8)
    }
}
