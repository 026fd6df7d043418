import DataStudio
import Orchestration
import SimulatedStudio
import Testing

/// Starting again what failed, waiting for what is not there yet, and being done in time.
@Suite struct AgainTests {
    private static let twice = "workflows: { a: { duration: 1s, failures: 2, message: full } }"

    @Test func `a step with retries starts again after FAILED, after its delay`() throws {
        let run = try VirtualRun(
            #"local r = execute { "a", retries = 2, retry_delay = "1m" } print(r.state, r.attempts)"#,
            scenario: Self.twice
        ).run()
        #expect(run.output == ["COMPLETED\t3"])
        #expect(run.started == ["a", "a", "a"])
        #expect(run.duration >= 123 && run.duration < 130, "\(run.duration)")
        let told = run.events.compactMap { event -> String? in
            guard case .step(let step) = event, case .retrying(let text, let delay, let count) = step.change else {
                return nil
            }
            return "\(text), \(delay.short), \(count)"
        }
        #expect(told == ["the job FAILED: full, 1m 0s, 1", "the job FAILED: full, 1m 0s, 2"])
        try expectReplays(run)
    }

    @Test func `retries are counted, and what is no FAILED is not retried`() throws {
        let one = try VirtualRun(#"execute { "a", retries = 1, retry_delay = 1 }"#, scenario: Self.twice).run()
        #expect(one.started == ["a", "a"])
        #expect(one.end?.error?.kind == .failed)
        let cancelled = try VirtualRun(
            #"execute { "a", retries = 3 }"#, scenario: "workflows: { a: { outcome: CANCELLED } }"
        ).run()
        #expect(cancelled.started == ["a"])
        let check = try VirtualRun(#"execute { "a", retries = 3, min = "1h" }"#).run()
        #expect(check.started == ["a"])
        let late = try VirtualRun(
            #"execute { "a", retries = 3, timeout = "5s" }"#, scenario: "workflows: { a: { duration: 1h } }"
        ).run()
        #expect(late.started == ["a"])
        #expect(late.end?.status == .timeout)
    }

    @Test func `a step that is stopped while it waits for its next try is not started again`() throws {
        let run = try VirtualRun(
            """
            local ok, e = pcall(timeout, "10s", execute, { "a", retries = 2, retry_delay = "1m" })
            print(ok, e.kind, e.running)
            local job = start { "a", retries = 2, retry_delay = "1m" }
            sleep(5)
            print(cancel(job))
            """, scenario: "workflows: { a: { duration: 1s, outcome: FAILED } }"
        ).run()
        #expect(run.output == ["false\ttimeout\tfalse", "true"])
        #expect(run.started == ["a", "a"])
        #expect(run.end?.status == .succeeded)
        try expectReplays(run)
    }

    @Test func `retry calls again after kinds it is given, with growing delays`() throws {
        let run = try VirtualRun(
            """
            local calls = 0
            local began = now()
            print(retry({ times = 4, delay = 10, backoff = 2, max_delay = 15 }, function(word)
              calls = calls + 1
              execute "a"
              return word, calls
            end, "done"))
            print(now() - began)
            """, scenario: "workflows: { a: { duration: 0s, failures: 3 } }"
        ).run()
        #expect(run.output == ["done\t4", "40"])
        #expect(run.started.count == 4)
        try expectReplays(run)
    }

    @Test func `retry leaves alone what it was not given, what may run, and the last failure`() throws {
        let script = try VirtualRun(#"retry({ times = 3 }, function() error("mine") end)"#).run()
        #expect(script.end?.error?.message == "mine")
        #expect(script.end?.error?.location == "test.lua:1")
        let last = try VirtualRun(
            #"retry({ times = 2, delay = 1 }, execute, "a")"#, scenario: "workflows: { a: { outcome: FAILED } }"
        ).run()
        #expect(last.started == ["a", "a"])
        #expect(last.end?.error?.kind == .failed)
        #expect(last.end?.error?.label == "a")
    }

    @Test func `a retry that names timeout waits for the same job again`() throws {
        let run = try VirtualRun(
            #"print(retry({ times = 3, on = "timeout" }, execute, { "a", timeout = "40s" }).state)"#,
            scenario: "workflows: { a: { duration: 100s } }"
        ).run()
        #expect(run.output == ["COMPLETED"])
        #expect(run.started == ["a"])
        #expect(run.end?.running.isEmpty == true)
        try expectReplays(run)
    }

    @Test func `wait_until calls until something true comes`() throws {
        let run = try VirtualRun(
            """
            local calls = 0
            print(wait_until(function() calls = calls + 1 return calls == 3 and "there", calls end, { every = "5m" }))
            print(pcall(wait_until, function() return state "never" == "COMPLETED" end, { every = "1m", timeout = "10m" }))
            """, scenario: "workflows: { never: {} }"
        ).run()
        #expect(run.output.first == "there\t3")
        #expect(run.output.last?.contains("wait_until: not done within 10m 0s") == true, "\(run.output)")
        #expect(run.duration >= 1200 && run.duration < 1210)
        try expectReplays(run)
    }

    @Test func `a deadline is the first such time after the run began`() throws {
        // The run began at 04:05:06 UTC.
        let run = try VirtualRun(
            """
            print(os.date("%H:%M"))
            local ok, e = pcall(deadline, "05:00", execute, "a")
            print(ok, e.kind, e.message, e.running)
            print(os.date("%H:%M"))
            print(select(2, pcall(deadline, "05:00", execute, "a")).message)
            print(pcall(deadline, "03:00", sleep, "20h"))
            print(pcall(deadline, "2026-03-05 06:00", sleep, "20h"))
            """, scenario: "workflows: { a: { duration: 3h } }"
        ).run()
        #expect(
            run.output == [
                "04:05", "false\ttimeout\tdeadline: not done by 05:00\ttrue", "05:00",
                "deadline: 05:00 has passed already: nothing of it was begun", "true", "true",
            ])
        #expect(run.started == ["a"])
        try expectReplays(run)
    }

    @Test func `defaults are for steps that are begun later, also in tasks that are`() throws {
        let run = try VirtualRun(
            """
            execute "a"
            defaults { params = { day = 1 }, timeout = "1h" }
            defaults { timeout = "2h" }
            execute "b"
            parallel { "c", function() execute "d" end, { "e", params = { day = 2 } } }
            """
        ) { $0.defaults = ["version": "draft", "retries": "2"] }
        try run.run()
        let starts = run.records.compactMap { record -> String? in
            guard case .intent(let intent) = record.body else { return nil }
            let start = intent.start
            return ([start.label, start.version?.rawValue ?? "-"] + start.parameters.map(\.value)).joined(
                separator: " ")
        }
        #expect(starts.sorted() == ["a draft", "b draft 1", "c draft 1", "d draft 1", "e draft 2"])
        try expectReplays(run)
    }

    @Test func `usual measures by the median of completed steps, once there are five`() throws {
        func ended(_ completed: [Int]) throws -> VirtualRun {
            let run = try VirtualRun(
                #"print(execute { "a", name = "load", usual = 3 }.state)"#,
                scenario: "workflows: { a: { duration: 10s } }")
            run.completed = completed.map { .seconds($0) }
            return try run.run()
        }
        let well = try ended([4, 9, 20, 25, 5])
        #expect(well.output == ["COMPLETED"])
        #expect(well.recalled == ["load on  in -"])
        #expect(try ended([60, 60, 60, 60]).output == ["COMPLETED"])
        let short = try ended([31, 31, 31, 31, 31])
        #expect(
            short.end?.error?.message
                == "load: COMPLETED in 10.0 s, and usually takes 31.0 s: less than a third of that")
        #expect(short.end?.status == .check)
        #expect(try ended([3, 3, 3, 3, 3]).end?.error?.message.contains("more than 3 times that") == true)
        try expectReplays(short)
    }

    @Test func `the run's time is up: jobs are left, a retry waits for them`() throws {
        let run = try VirtualRun(#"execute "a" execute "b""#, scenario: "others: { duration: 1h }")
        try run.run { $0.now.seconds - 1_772_337_906 > 60 }
        run.deliver(.outOfTime(after: .seconds(60)))
        let end = try #require(run.end)
        #expect(end.status == .timeout)
        #expect(end.error?.message == "the run took longer than its limit of 1m 0s")
        #expect(end.running.map(\.label) == ["a"])
        let plan = try RunMachine.planRetry(of: run.records, run.configuration, by: "somebody")
        let machine = try RunMachine(run.configuration, at: run.records[0].at)
        var log = run.records
        log.append(
            Record(sequence: log.count + 1, key: "", attempt: 1, at: run.now, body: .retried(plan.retrial)))
        let actions = try machine.resume(log, at: run.now)
        #expect(actions.contains { if case .watch = $0 { true } else { false } })
        #expect(!actions.contains { if case .start = $0 { true } else { false } })
    }

    @Test func `a run whose time is up cancels nothing, whatever its steps say of their own time`() throws {
        let run = try VirtualRun(
            #"execute { "a", timeout = "5h", on_timeout = "cancel" }"#,
            scenario: "{ operations: [cancelJob], others: { duration: 1h } }")
        try run.run { $0.now.seconds - 1_772_337_906 > 60 }
        run.deliver(.outOfTime(after: .seconds(60)))
        #expect(run.end?.running.map(\.label) == ["a"])
        #expect(!run.studio.log.contains { $0.operation == .cancelJob })
    }

    @Test func `a retry starts nothing beside what a call of it left running`() throws {
        let run = try VirtualRun(
            """
            local ok, e = pcall(retry, { times = 3, delay = 1, on = { "failed", "script" } }, function()
              pcall(execute, { "long", timeout = "10s" })
              execute "bad"
            end)
            print(ok, e.kind)
            print(pcall(retry, { times = 3, delay = 1, on = "script" }, function()
              pcall(execute, { "long", timeout = "10s" })
              error("mine", 0)
            end))
            """, scenario: "workflows: { long: { duration: 1h }, bad: { outcome: FAILED } }"
        ).run()
        #expect(run.output == ["false\tfailed", "false\tmine"])
        #expect(run.started == ["long", "bad", "long"])
        try expectReplays(run)
    }

    @Test func `between two attempts a job can be asked for and cancelled`() throws {
        let run = try VirtualRun(
            """
            local job = start { "a", retries = 2, retry_delay = "1m" }
            sleep(10)
            print((state(job)))
            print(cancel(job))
            """, scenario: "workflows: { a: { duration: 1s, outcome: FAILED } }"
        ).run()
        #expect(run.output == ["FAILED", "true"])
        #expect(run.started == ["a"])
    }

    @Test func `what the defaults make impossible is found before the start`() throws {
        for call in [#"execute { "a", min = "2h" }"#, #"parallel { { "a", min = "2h" } }"#] {
            let run = try VirtualRun(#"defaults { max = "1h" } "# + call).run()
            #expect(run.end?.error?.message.contains("is longer than \"max\"") == true)
            #expect(run.started.isEmpty)
        }
    }

    @Test func `a job that took unusually long is not measured by itself`() throws {
        let run = try VirtualRun(#"execute { "a", usual = 3 }"#, scenario: "workflows: { a: { duration: 10s } }").run()
        #expect(run.recalled.count == 1)
        let began = try #require(run.span("a"))
        #expect(run.recalledBefore.map { ($0 - run.records[0].at).seconds } == [began.from])
    }

    @Test func `skip ends the run from any depth, and is no failure`() throws {
        let run = try VirtualRun(#"parallel { function() skip "a holiday" end, "a" } execute "b""#).run()
        #expect(run.end?.status == .skipped)
        #expect(run.end?.text == "a holiday")
        #expect(!run.started.contains("b"))
    }

    /// Another life that reads the whole log does the same, and asks for nothing.
    private func expectReplays(_ run: VirtualRun, _ location: SourceLocation = #_sourceLocation) throws {
        let machine = try RunMachine(run.configuration, at: run.records[0].at)
        let log = run.records.filter { $0.body.kind != "ended" }
        var printed: [String] = []
        _ = try machine.resume(log, at: run.now) { event, _ in
            if case .print(let text) = event { printed.append(text) }
        }
        #expect(printed == run.output, sourceLocation: location)
    }
}
