import DataStudio
import Orchestration
import Testing

/// One step: its checks, its time, its result.
@Suite struct StepTests {
    @Test func `COMPLETED in less than min is a failed check`() throws {
        let run = try VirtualRun(#"execute { "a", min = "2m" }"#).run()
        #expect(run.end?.status == .check)
        #expect(run.end?.error?.message == "a: COMPLETED in 1.0 s, less than its min of 2m 0s")
    }

    @Test func `a job over its max is told at once and fails at its end`() throws {
        let run = try VirtualRun(#"execute { "a", max = 1 }"#, scenario: "workflows: { a: { duration: 3s } }").run()
        #expect(run.end?.status == .check)
        #expect(run.end?.error?.message.contains("more than its max of 1.0 s") == true)
        let late = try #require(
            run.events.firstIndex { if case .step(let event) = $0, case .late = event.change { true } else { false } })
        let ended = try #require(
            run.events.firstIndex { if case .step(let event) = $0, case .ended = event.change { true } else { false } })
        #expect(late < ended)
    }

    /// How long the job is queued, and whether that is longer than it may be.
    @Test(arguments: [(1, false), (3, true)])
    func `a job over its queue_max is told at once and fails at its end`(seconds: Int, isLate: Bool) throws {
        let run = try VirtualRun(
            #"local r = execute { "a", queue_max = 2, max = "1m", on_check = "warn" } print(r.late, r.warnings[1])"#,
            scenario: "workflows: { a: { queued: \(seconds)s, duration: 5s } }"
        ).run()
        let warning = isLate ? "COMPLETED, and was queued for 3.0 s, longer than its queue_max of 2.0 s" : "nil"
        #expect(run.output == ["\(isLate)\t\(warning)"])
        let changes = run.events.compactMap { if case .step(let event) = $0 { event.change } else { nil } }
        let late = changes.firstIndex { if case .late(.queued(.seconds(2))) = $0 { true } else { false } }
        let running = changes.firstIndex { if case .state(.running, _) = $0 { true } else { false } }
        #expect((late != nil) == isLate)
        if let late, let running { #expect(late < running, "it is told while the job is queued") }
    }

    @Test func `a script's check decides, and may wait`() throws {
        let run = try VirtualRun(
            """
            execute { "a", check = function(r) execute "count" return r.duration < 5, "too slow" end }
            print(pcall(execute, { "a", check = function(r) return r.duration > 5, "too fast" end }))
            print(pcall(execute, { "a", check = function(r) end }))
            print(pcall(execute, { "a", check = function(r) error "odd" end }))
            """
        ).run()
        #expect(run.end?.status == .succeeded)
        #expect(run.started.prefix(2) == ["a", "count"])
        #expect(run.output[0] == "false\ttest.lua:2: a: too fast")
        #expect(run.output[1].hasSuffix("its check has to return true or false and a reason; it returned nil"))
        #expect(run.output[2].hasSuffix("its check raised: odd"))
    }

    @Test func `on_check warn turns a broken check into a warning`() throws {
        let run = try VirtualRun(
            """
            local r = execute { "a", min = "2m", on_check = "warn" }
            print(#r.warnings, r.warnings[1])
            """
        ).run()
        #expect(run.end?.status == .succeeded)
        #expect(run.output == ["1\tCOMPLETED in 1.0 s, less than its min of 2m 0s"])
        #expect(run.end?.warnings == ["a: COMPLETED in 1.0 s, less than its min of 2m 0s"])
    }

    @Test func `a timeout leaves the job running and says so`() throws {
        let run = try VirtualRun(
            """
            local ok, e = pcall(execute, { "a", timeout = 1 })
            print(e.kind, e.running, e.job_id)
            """, scenario: "workflows: { a: { duration: 1h } }"
        ).run()
        #expect(run.output == ["timeout\ttrue\t4711"])
        #expect(run.end?.status == .succeeded)
        #expect(run.end?.running.map(\.label) == ["a"])
        #expect(run.duration < 2)
    }

    @Test func `on_timeout cancel cancels the job where the server can`() throws {
        let run = try VirtualRun(
            """
            local ok, e = pcall(execute, { "a", timeout = 1, on_timeout = "cancel" })
            print(e.kind, e.running, e.state)
            """, scenario: "{ operations: [cancelJob], workflows: { a: { duration: 1h } } }"
        ).run()
        #expect(run.output == ["timeout\tfalse\tCANCELLED"])
        #expect(run.end?.running.isEmpty == true)
    }

    @Test func `a result has every field, and one line`() throws {
        let run = try VirtualRun(
            """
            local r = execute "a"
            print(r.label, r.job_id, math.type(r.job_id), r.state, r.finished - r.started, r.duration, r.attempts, r.late)
            print(r.details.workflowExternalLabel, r.details.message, math.type(r.details.id))
            print(r)
            """
        ).run()
        #expect(run.output[0] == "a\t4711\tnil\tCOMPLETED\t1\t1.0\t1\tfalse")
        #expect(run.output[1] == "a\tnil\tinteger")
        #expect(run.output[2] == "a: COMPLETED in 1.0 s (job 4711)")
    }

    @Test func `calling a result says where options go`() throws {
        let run = try VirtualRun("local f = execute\nf \"a\" { timeout = 3 }").run()
        #expect(run.end?.error?.message.contains(#"write execute { "a", … }"#) == true)
    }

    @Test func `a job cancelled on the server is an error of its own kind`() throws {
        let run = try VirtualRun(#"execute "a""#, scenario: "workflows: { a: { outcome: CANCELLED } }").run()
        #expect(run.end?.error?.kind == .cancelled)
        #expect(run.end?.status == .failed)
    }

    @Test func `a start without an answer is never repeated, never raised, and holds the run`() throws {
        let run = try VirtualRun(
            """
            parallel { function() pcall(execute, "lost") print("never") end, "b" }
            """, scenario: "workflows: { lost: { reply: lost }, b: { duration: 2s } }", tellsWhose: false
        ).run()
        #expect(run.end?.status == .ambiguous)
        #expect(run.end?.doubtful.map(\.step.label) == ["lost"])
        #expect(run.started.filter { $0 == "lost" }.count == 1)
        #expect(run.output.isEmpty)
        #expect(run.duration >= 2, "the other branch goes as far as it can")
    }

    @Test func `a start that a 5xx answers is looked for, and sent again only when the server has no job of it`() throws
    {
        let run = try VirtualRun(#"execute "a""#, scenario: "workflows: { a: { reply: 503 } }").run()
        #expect(run.end?.status == .unreachable)
        let kinds = run.records.map(\.body.kind)
        #expect(kinds.starts(with: ["began", "intent", "void", "intent", "void"]))
        #expect(run.started.count < 40, "with growing waits, not in a loop")
    }

    @Test func `a refused key interrupts the run, and on_unreachable raise tells the script`() throws {
        let run = try VirtualRun(#"pcall(execute, "a")"#, scenario: "{ key: other, others: {} }").run()
        #expect(run.end?.status == .auth)
        #expect(run.records.map(\.body.kind) == ["began", "intent", "void"], "it can be gone on with")

        let raised = try VirtualRun(
            #"print(select(2, pcall(execute, { "a", on_unreachable = "raise" })).kind)"#,
            scenario: "{ others: {}, faults: [ { fault: down, from: 0s } ] }"
        ).run()
        #expect(raised.output == ["unreachable"])
        #expect(raised.end?.status == .succeeded)
    }

    @Test func `an unknown state is told once and is not an end`() throws {
        let run = try VirtualRun(#"execute "a""#)
        try run.run { $0.trace.contains { $0.hasPrefix("accepted") } }
        let step = try #require(run.step("a"))
        let odd = Job(id: JobID("4711"), state: .unknown, stateName: "PAUSED")
        run.deliver(.jobSeen(step, odd))
        run.deliver(.jobSeen(step, odd))
        #expect(run.end == nil)
        // One that has ended is told with the line that says what its state means.
        let ended = Job(
            id: JobID("4711"), state: .unknown, stateName: "ALL_WELL",
            finished: Timestamp(milliseconds: 1_772_337_906_000))
        run.deliver(.jobSeen(step, ended))
        run.deliver(.jobSeen(step, Job(id: JobID("4711"), state: .completed)))
        #expect(run.end?.status == .succeeded)
        #expect(run.end?.warnings.count == 2)
        let told = run.end?.warnings.last ?? ""
        #expect(
            told.contains("the job ended at 2026-") && told.contains(#"states: { "ALL_WELL": COMPLETED }"#), "\(told)")
    }
}

extension VirtualRun {
    /// The first step of a label.
    func step(_ label: String) -> NodeID? {
        for case .step(let event) in events where event.step.label == label { return event.step.id }
        return nil
    }
}
