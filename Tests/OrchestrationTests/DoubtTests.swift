import DataStudio
import Orchestration
import SimulatedStudio
import Testing

/// What may be running is never called not running, and what was not started is never in doubt.
@Suite struct DoubtTests {
    @Test func `fail and finish count after the script's last line`() throws {
        let failed = try VirtualRun(#"spawn(function() sleep(0.1) fail("not good enough") end)"#).run()
        #expect(failed.end?.status == .failed)
        #expect(failed.end?.error?.message == "not good enough")
        let finished = try VirtualRun(#"spawn(function() sleep(0.1) finish("enough") end)"#).run()
        #expect(finished.end?.text == "enough")
    }

    @Test func `a wait that ends while the start is on its way leaves it unknown whether it runs`() throws {
        let run = try VirtualRun(
            """
            local t = spawn(function() execute "a" end)
            local ok, e = pcall(wait, t, 0)
            print(e.kind, e.running)
            """
        ).run()
        #expect(run.output == ["timeout\tunknown"])
    }

    @Test func `an error of a parallel says that a job goes on which could not be cancelled`() throws {
        let run = try VirtualRun(
            """
            local ok, e = pcall(parallel, { "bad", "long", on_failure = "cancel" })
            print(e.kind, e.running)
            local t = spawn(function() execute "long" end)
            sleep(1)
            print(cancel(t))
            print(select(2, pcall(wait, t)).running)
            """, scenario: "workflows: { bad: { outcome: FAILED }, long: { duration: 1h } }"
        ).run()
        #expect(run.output[0] == "failed\ttrue")
        #expect(run.output[1].hasPrefix("false\tjob "))
        #expect(run.output[2] == "true")
    }

    @Test func `a detached start in doubt holds the run`() throws {
        let run = try VirtualRun(
            #"spawn(function() start("lost", { detach = true }) end) finish()"#,
            scenario: "workflows: { lost: { reply: lost } }"
        )
        try run.run { $0.trace.contains("send lost") }
        try #require(run.end == nil, "the run waits for what is on its way")
    }

    @Test func `the run waits for a detached start that is on its way`() throws {
        let run = try VirtualRun(
            """
            spawn(function() start("lost", { detach = true }) end)
            sleep(0)
            pcall(finish)
            """, scenario: "workflows: { lost: { reply: lost } }", tellsWhose: false
        ).run()
        #expect(run.end?.status == .ambiguous)
        #expect(run.end?.doubtful.map(\.step.label) == ["lost"])
    }

    @Test func `starts are withdrawn when nobody wants them any more`() throws {
        for script in [
            #"pcall(timeout, 0, function() parallel { "a", "b" } end)"#,
            #"spawn(function() parallel { "a", "b" } end) pcall(timeout, 0, sleep, 60) finish()"#,
        ] {
            let run = try VirtualRun(script).run()
            #expect(run.started.isEmpty, "\(script)")
            #expect(run.end?.notStarted == ["a", "b"])
            #expect(run.end?.doubtful.isEmpty == true)
            #expect(!run.records.contains { $0.body.kind == "intent" })
        }
    }

    @Test func `after a refused key the other starts are withdrawn, and none is in doubt`() throws {
        let run = try VirtualRun(#"parallel { "a", "b" }"#, scenario: "{ key: other, others: {} }").run()
        #expect(run.end?.status == .auth)
        #expect(run.end?.notStarted.sorted() == ["a", "b"])
        #expect(run.end?.doubtful.isEmpty == true)
        #expect(run.studio.jobs(at: run.now).isEmpty)
    }

    @Test func `a signal waits for starts on their way, a second call does not`() throws {
        let run = try VirtualRun(#"parallel { "a", "b" }"#)
        try run.run { $0.trace.contains("send b") }
        run.detach()
        #expect(run.end == nil)
        run.deliver(.startEnded(try #require(run.step("a")), .accepted(Acceptance(job: JobID("7")))))
        run.detach()
        #expect(run.end?.status == .detached)
        #expect(run.end?.running.map(\.label) == ["a"])
        #expect(run.end?.doubtful.map(\.step.label) == ["b"])
    }

    @Test func `a job belongs to one step`() throws {
        let run = try VirtualRun(#"parallel { "a", "b" }"#)
        try run.run { $0.trace.contains("send b") }
        run.deliver(.startEnded(try #require(run.step("a")), .accepted(Acceptance(job: JobID("7")))))
        run.deliver(.startEnded(try #require(run.step("b")), .accepted(Acceptance(job: JobID("7")))))
        run.deliver(.jobSeen(try #require(run.step("a")), Job(id: JobID("7"), state: .completed)))
        #expect(run.end?.status == .ambiguous)
        #expect(run.end?.doubtful.map(\.step.label) == ["b"])
    }

    @Test func `handles are waited for although another has failed already`() throws {
        let run = try VirtualRun(
            """
            local a, b = start "bad", start "long"
            sleep(2)
            print(pcall(wait, { a, b }) == false, state(b))
            wait_any { start "bad2", b }
            """, scenario: "workflows: { bad: { outcome: FAILED }, bad2: {}, long: { duration: 5s } }"
        ).run()
        #expect(run.output.first?.hasPrefix("true\tCOMPLETED") == true, "\(run.output)")
        #expect(run.end?.notStarted.isEmpty == true)
        #expect(run.end?.status == .succeeded)
    }

    @Test func `a check that is stopped ends its step in the report`() throws {
        let run = try VirtualRun(
            """
            pcall(timeout, 1.5, function()
              execute { "a", check = function() sleep(10) return true end }
            end)
            """
        ).run()
        let ends = run.events.filter {
            if case .step(let event) = $0, case .ended = event.change { true } else { false }
        }
        #expect(ends.count == 1)
    }

    @Test(arguments: [(25, ["late", "late"], true), (0, ["late"], false)] as [(Int, [String], Bool)])
    func `a job that is listed too late is told, as a duplicate that is suspected`(
        lag: Int, started: [String], isSuspected: Bool
    ) throws {
        let run = try VirtualRun(
            #"execute "late" execute "late""#,
            scenario: """
                others: { duration: 5m }
                list_lag: \(lag)s
                faults: [ { fault: lost, operation: executeWorkflow, count: 1 } ]
                """
        ).run(until: { $0.now > Timestamp(milliseconds: 1_772_337_906_000) + .seconds(120) })
        #expect(run.started == started)
        #expect(!run.suspicions.isEmpty == isSuspected, "\(run.suspicions)")
    }

    @Test func `what failed beside a doubt is told with it`() throws {
        let run = try VirtualRun(
            #"parallel { "lost", "bad" }"#,
            scenario: "workflows: { lost: { reply: lost }, bad: { outcome: FAILED, message: Row 17 } }",
            tellsWhose: false
        ).run()
        #expect(run.end?.status == .ambiguous)
        #expect(run.end?.error?.message.contains("Row 17") == true)
    }

    @Test func `detach is refused where it would be ignored`() throws {
        let run = try VirtualRun(#"parallel { { "a", detach = true } }"#).run()
        #expect(run.end?.error?.message.contains(#"the option "detach" is for start only"#) == true)
        let window = try VirtualRun(#"parallel { "a", min = "2h", max = "1h" }"#).run()
        #expect(window.end?.error?.message.contains("longer than") == true)
        #expect(window.started.isEmpty)
    }
}
