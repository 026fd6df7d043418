import DataStudio
import Orchestration
import Testing

/// What becomes durable with what: requests of other processes with their effects, suspicions as soon as they are known.
@Suite struct ConductorTests {
    private static let now = Instant(wallClock: Timestamp(milliseconds: 1_772_337_906_000), elapsed: .zero)

    /// A run that waits for a timer, and whose first record is durable.
    private func sleeping() throws -> Conductor {
        let beginning = RunBeginning(script: "t.lua", text: "sleep(3600)", seed: 1)
        let machine = try RunMachine(RunConfiguration(beginning), at: Self.now.wallClock)
        let conductor = Conductor(machine, servers: [:], defaultServer: "")
        let first = try #require(commits(conductor.begin(at: Self.now)).first)
        #expect(first.records.map(\.body.kind) == ["began"])
        #expect(commits(conductor.handle(.committed(first.last), at: Self.now)).isEmpty)
        return conductor
    }

    private func commits(_ actions: [ConductorAction]) -> [Commit] {
        actions.compactMap { if case .commit(let commit) = $0 { commit } else { nil } }
    }

    private func ends(_ actions: [ConductorAction]) -> [RunEnd] {
        actions.compactMap { if case .finish(let end) = $0 { end } else { nil } }
    }

    @Test func `a request is deleted by the very commit that makes its effect durable`() throws {
        let conductor = try sleeping()
        let made = commits(conductor.handle(.request(id: 7, .cancelRun(by: "me")), at: Self.now))
        #expect(made.count == 1)
        #expect(made.first?.requests == [7])
        #expect(made.first?.records.contains { $0.body.kind == "stopping" } == true)
    }

    @Test func `a request that leads to nothing waits for the ordinary flush, and is waited for by nothing`() throws {
        let conductor = try sleeping()
        let taken = conductor.handle(.request(id: 7, nil), at: Self.now)
        #expect(commits(taken).isEmpty)
        #expect(taken.contains { if case .setFlush = $0 { true } else { false } })
        let commit = try #require(commits(conductor.handle(.flush, at: Self.now)).first)
        #expect(commit.records.isEmpty && commit.requests == [7] && !commit.isEmpty)
        // It is under way although it has no record: another one waits for it.
        #expect(commits(conductor.handle(.request(id: 8, nil), at: Self.now)).isEmpty)
        #expect(commits(conductor.handle(.flush, at: Self.now)).isEmpty)
        #expect(commits(conductor.handle(.request(id: 9, .cancelRun(by: "me")), at: Self.now)).isEmpty)
        let next = commits(conductor.handle(.committed(commit.last), at: Self.now))
        #expect(next.map(\.requests) == [[8, 9]])
        #expect(next.first?.records.first?.sequence == 2)
    }

    @Test(arguments: [true, false])
    func `a run that is being left takes no request: it is for whoever resumes the run`(isLeft: Bool) throws {
        let run = try VirtualRun(#"execute "a""#)
        try run.run { $0.trace.contains("send a") }
        // The start is on its way: the run waits for its answer.
        if isLeft { run.detach() }
        try #require(run.end == nil)
        run.request(7, .cancelRun(by: "me"))
        run.goOn()
        #expect(run.end?.status == (isLeft ? .detached : .cancelled))
        #expect(run.requests == (isLeft ? [] : [7]))
        #expect(run.records.contains { $0.body.kind == "stopping" } == !isLeft)
    }

    @Test func `a job that is listed only after its start was sent again is told at once and at the end`() throws {
        // The first job has ended before it is listed: nobody has learned how late this list is.
        let run = try VirtualRun(
            #"execute "early" sleep(300) execute "late""#,
            scenario: """
                workflows: { early: { duration: 1s }, late: { duration: 200s } }
                list_lag: 60s
                faults: [ { fault: lost, operation: executeWorkflow, label: late, count: 1 } ]
                """
        ).run()
        #expect(run.started == ["early", "late", "late"])
        #expect(run.suspicions.count == 1, "\(run.suspicions)")
        #expect(run.end?.status == .succeeded)
        #expect(run.end?.suspicions == run.suspicions)
    }

    @Test func `what an earlier life suspected is told at the end again`() throws {
        let beginning = RunBeginning(script: "t.lua", text: "sleep(1)", seed: 1)
        let log = [
            Record(sequence: 1, key: "", attempt: 1, at: Self.now.wallClock, body: .began(beginning)),
            Record(sequence: 2, key: "sleep#1", attempt: 1, at: Self.now.wallClock, body: .fired(.sleep, state: nil)),
        ]
        let machine = try RunMachine(RunConfiguration(beginning), at: Self.now.wallClock)
        let conductor = Conductor(machine, servers: [:], defaultServer: "")
        var actions = try conductor.resume(log, suspicions: ["job 7 twice"], at: Self.now)
        for commit in commits(actions) { actions += conductor.handle(.committed(commit.last), at: Self.now) }
        #expect(ends(actions).map(\.status) == [.succeeded])
        #expect(ends(actions).map(\.suspicions) == [["job 7 twice"]])
    }
}
