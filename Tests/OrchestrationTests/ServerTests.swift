import DataStudio
import Orchestration
import SimulatedStudio
import Testing

/// A run's dealings with its server on a bad day, in virtual time.
@Suite struct ServerTests {
    private static let plan = """
        execute "wf1"
        parallel { "wf2", "wf3", "wf4" }
        parallel { "wf5", "wf6" }
        execute "wf7"
        """

    @Test(arguments: [true, false])
    func `the end of a job is noticed soon when it is known how long such jobs take`(isKnown: Bool) throws {
        let run = try VirtualRun(
            #"execute { "a", name = "A" }"#, scenario: "workflows: { a: { duration: 3601s } }")
        if isKnown { run.usual = ["A": .seconds(3600)] }
        try run.run()
        let late = run.now - (try #require(run.studio.jobs(at: run.now).first?.finished))
        #expect(isKnown ? late <= .seconds(2) : late > .seconds(2))
    }

    @Test func `an outage of forty minutes in the middle of a run costs one line`() throws {
        let run = try VirtualRun(
            Self.plan,
            scenario: """
                others: { duration: 20m }
                faults: [ { fault: down, from: 25m, for: 40m } ]
                """, patience: .seconds(3600)
        ).run()
        #expect(run.end?.status == .succeeded)
        #expect(run.started == ["wf1", "wf2", "wf3", "wf4", "wf5", "wf6", "wf7"])
        #expect(
            run.told == ["http://studio: the connection is refused; trying again for up to 1h 0m"], "\(run.told)")
        #expect(run.end?.warnings.isEmpty == true)
        // The jobs went on: the outage began five minutes into the second phase and outlasted it by 25.
        #expect((80 * 60...(108 * 60)).contains(Int(run.duration)), "\(run.duration)")
    }

    @Test func `a hiccup is told to nobody`() throws {
        let run = try VirtualRun(
            Self.plan,
            scenario: "others: { duration: 1m }\nfaults: [ { operation: listJobs, fault: 503, skip: 9, count: 3 } ]"
        ).run()
        #expect(run.end?.status == .succeeded)
        #expect(run.studio.log.count { $0.status == 503 } == 3)
        #expect(run.told.isEmpty)
    }

    @Test func `an outage longer than the patience interrupts the run, whose jobs run`() throws {
        let run = try VirtualRun(
            Self.plan, scenario: "others: { duration: 20m }\nfaults: [ { fault: down, from: 25m, for: 40m } ]"
        ).run()
        #expect(run.end?.status == .unreachable)
        #expect(run.end?.running.map(\.label) == ["wf2", "wf3", "wf4"])
        #expect((30 * 60...31 * 60).contains(Int(run.duration)))
    }

    @Test(arguments: ["", "faults: [ { fault: down, from: 4s, for: 20s } ]"])
    func `a start whose intent was written late is made ready again, and the server is not blamed`(
        faults: String
    ) throws {
        // The server is out of reach when the second workflow is to be started, or it is not.
        let run = try VirtualRun(
            #"execute "wf0" sleep(5) execute "wf1""#, scenario: "others: { duration: 1s }\n" + faults,
            patience: .seconds(60))
        // Another process keeps the journal locked, longer than the server is waited for.
        var isLocked = true
        run.commitDelay = { commit in
            let isSecond = commit.records.contains { record in
                if case .intent(let intent) = record.body { intent.title == "wf1" } else { false }
            }
            guard isLocked, isSecond else { return .zero }
            isLocked = false
            return .seconds(240)
        }
        try run.run()
        #expect(run.end?.status == .succeeded, "\(run.end?.error?.text ?? "")")
        #expect(run.started == ["wf0", "wf1"])
        #expect(
            run.records.map(\.body.kind).filter { ["intent", "void"].contains($0) }
                == ["intent", "intent", "void", "intent"])
    }

    @Test func `a journal that is always slow does not keep a run for ever`() throws {
        let run = try VirtualRun(
            #"execute "wf1""#, scenario: "others: { duration: 1s }", patience: .seconds(60))
        run.commitDelay = { $0.records.contains { $0.body.kind == "intent" } ? .seconds(6) : .zero }
        try run.run()
        #expect(run.end?.status == .unreachable)
        #expect(run.started.isEmpty)
    }

    @Test func `a server that comes back without its jobs leaves them in doubt`() throws {
        let run = try VirtualRun(
            #"execute "wf1""#,
            scenario: "others: { duration: 20m }\nfaults: [ { fault: down, from: 5m, for: 1m, jobs: lose } ]"
        ).run()
        #expect(run.end?.status == .ambiguous)
        #expect(run.end?.doubtful.map(\.step.label) == ["wf1"])
        #expect(run.started == ["wf1"])
    }

    @Test func `another job that was given the id of ours is not taken for it`() throws {
        let run = try VirtualRun(
            """
            start "wf1"
            sleep "7m"
            studio.execute_schedule "others"
            """,
            scenario: """
                operations: [executeSchedule]
                workflows: { wf1: { duration: 1h }, other: { duration: 1s } }
                schedules: { others: [other] }
                faults: [ { fault: down, from: 5m, for: 1m, jobs: reuse_ids } ]
                """
        ).run()
        #expect(run.studio.jobs(at: run.now).map(\.id.text) == ["4711"])
        #expect(run.end?.status == .ambiguous)
        #expect(run.end?.doubtful.map(\.step.label) == ["wf1"])
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    func `a night of faults that spare the starts ends well`(seed: Int) throws {
        let run = try VirtualRun(
            Self.plan,
            scenario: """
                seed: \(seed)
                others: { duration: 10m, queued: 10s }
                clock: -90s
                list_lag: 3s
                faults:
                  - { operation: listJobs, probability: 0.2, fault: 503, body: html }
                  - { operation: listJobs, probability: 0.1, fault: lost }
                  - { operation: listJobs, probability: 0.1, fault: 200ms }
                  - { operation: getJob, probability: 0.3, fault: reset }
                  - { operation: executeWorkflow, probability: 0.3, fault: 429, retry_after: 20s }
                """.replacing("fault: 200ms", with: "fault: delay, time: 2s")
        ).run()
        #expect(run.end?.status == .succeeded, "\(run.end?.error?.message ?? "")")
        #expect(run.started.count { $0 == "wf1" } >= 1)
        // Refused with 429 is not executed: each workflow has one job.
        #expect(run.studio.jobs(at: run.now).map(\.label).compactMap { $0 }.sorted() == (1...7).map { "wf\($0)" })
    }

    @Test func `a job the server does not know yet is waited for`() throws {
        let run = try VirtualRun(
            "local j = start 'wf1'\nprint(state(j))\nwait(j)",
            scenario: "others: { duration: 1m }\nfaults: [ { fault: vanish, for: 20s } ]"
        ).run()
        #expect(run.end?.status == .succeeded)
        #expect(run.output == ["RUNNING\tjob 4711 (wf1)"])
        #expect(run.duration >= 60)
    }

    @Test func `a server that cannot list jobs is asked for each of them`() throws {
        var description = try APIDescription.default()
        description.operations[.listJobs] = nil
        let run = try VirtualRun(Self.plan, description: description).run()
        #expect(run.end?.status == .succeeded)
        #expect(run.studio.log.filter { $0.operation == .listJobs }.isEmpty)
    }

    @Test func `a list that is refused gives way to asking for each job, which is told once`() throws {
        let run = try VirtualRun(
            Self.plan, scenario: "others: { duration: 1m }\nfaults: [ { operation: listJobs, fault: 404 } ]"
        ).run()
        #expect(run.end?.status == .succeeded)
        #expect(run.told.count == 1)
        #expect(run.told.first?.contains("jobs cannot be listed (404") == true)
        #expect(run.studio.log.filter { $0.operation == .listJobs }.count == 1)
    }

    @Test func `an unknown state is not finished, and told once`() throws {
        let run = try VirtualRun(
            #"execute "wf1""#,
            scenario: "others: { duration: 1m }\nfaults: [ { fault: state, state: PAUSED, from: 10s, for: 30m } ]"
        ).run()
        #expect(run.end?.status == .succeeded)
        #expect(run.duration >= 30 * 60)
        #expect(run.end?.warnings.count { $0.contains("unknown state \"PAUSED\"") } == 1)
    }

    @Test func `Retry-After is obeyed, in full`() throws {
        let run = try VirtualRun(
            #"execute "wf1""#,
            scenario: """
                others: { duration: 1s }
                faults: [ { operation: executeWorkflow, count: 1, fault: 429, retry_after: 10m } ]
                """
        ).run()
        #expect(run.end?.status == .succeeded)
        let starts = run.studio.log.filter { $0.operation == .executeWorkflow }
        #expect(starts.count == 2)
        #expect((starts[1].at - starts[0].at).seconds >= 600)
    }

    @Test func `a new key is found once it is refused`() throws {
        let run = try VirtualRun(Self.plan)
        run.key = "expired-key"
        run.keyInFile = "simulated-key"
        try run.run()
        #expect(run.end?.status == .succeeded)
        #expect(run.studio.log.count { $0.status == 401 && $0.operation == .executeWorkflow } == 1)
        let refused = try VirtualRun(Self.plan)
        refused.key = "expired-key"
        try refused.run()
        #expect(refused.end?.status == .auth)
        #expect(refused.studio.log.count { $0.status == 401 && $0.operation == .executeWorkflow } == 1)
    }

    // MARK: Slots

    @Test func `no more jobs are in flight than the server is to have`() throws {
        let run = try VirtualRun(
            #"parallel_each({ 1, 2, 3, 4, 5, 6, 7, 8, 9 }, function(i) execute("wf" .. i) end)"#,
            scenario: "others: { duration: 1m }", maxParallel: 2
        ).run()
        #expect(run.end?.status == .succeeded)
        let jobs = run.studio.jobs(at: run.now)
        for job in jobs {
            let start = try #require(job.created)
            let beside = jobs.count { ($0.created ?? start) <= start && ($0.finished ?? start) > start }
            #expect(beside <= 2)
        }
        #expect(run.started == (1...9).map { "wf\($0)" }, "in order")
        #expect(run.duration < 5.5 * 60)
        let waiting = run.events.count { event in
            if case .step(let step) = event, case .waiting = step.change { true } else { false }
        }
        #expect(waiting == 7, "each is told once")
    }

    @Test func `a start in doubt or refused gives its slot back`() throws {
        let run = try VirtualRun(
            #"parallel { "lost", "bad", "wf1", "wf2", on_failure = "collect" }"#,
            scenario: """
                workflows: { lost: { reply: lost }, bad: { reply: 422 }, wf1: {}, wf2: {} }
                """, tellsWhose: false, maxParallel: 1
        ).run()
        #expect(run.end?.status == .ambiguous)
        #expect(run.started == ["lost", "bad", "wf1", "wf2"])
    }

    @Test func `what waits for a slot can be withdrawn`() throws {
        let run = try VirtualRun(
            #"pcall(timeout, "10s", function() parallel { "wf1", "wf2" } end)"#, scenario: "others: { duration: 1m }",
            maxParallel: 1
        ).run()
        #expect(run.started == ["wf1"])
        #expect(run.end?.notStarted == ["wf2"])
        #expect(run.end?.running.map(\.label) == ["wf1"])
    }
}
