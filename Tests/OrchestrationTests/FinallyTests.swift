import DataStudio
import LuaVM
import Orchestration
import SimulatedStudio
import Testing

/// Functions that run at the end of their scope, whatever ends it.
@Suite struct FinallyTests {
    private static let scenario =
        "{ operations: [cancelJob], workflows: { long: { duration: 1h }, bad: { failures: 1 } }, others: { duration: 1s } }"

    /// Plays the script; two seconds after its beginning the event comes.
    private func run(
        _ script: String, scenario: String = Self.scenario, logLimit: LogLimit = LogLimit(),
        limits: LuaLimits = RunConfiguration.usualLimits, _ events: [(after: Duration, MachineEvent)] = []
    ) throws -> VirtualRun {
        let run = try VirtualRun(script, scenario: scenario, limits: limits, logLimit: logLimit)
        var left = events
        try run.run { run in
            while let next = left.first, run.now - run.records[0].at > next.after {
                left.removeFirst()
                run.deliver(next.1)
            }
            return false
        }
        try run.replayEveryPrefix()
        return run
    }

    private static let told = """
        local function told(e)
          print(e.ok, e.reason, e.error and e.error.message, e.result, #e.running, e.running[1] and e.running[1].label)
          execute "clean"
        end

        """

    @Test(
        arguments: [
            ("phase('p', function() finally(told) execute 'a' return 7 end)", "true\treturned\tnil\t7\t0\tnil"),
            (
                "pcall(phase, 'p', function() finally(told) execute 'bad' end)",
                "false\terror\tbad: the job FAILED\tnil\t0\tnil"
            ),
            ("pcall(phase, 'p', function() finally(told) error('x', 0) end)", "false\terror\tx\tnil\t0\tnil"),
            ("pcall(timeout, 5, function() finally(told) execute 'long' end)", "false\ttimeout\tnil\tnil\t1\tlong"),
            (
                "pcall(parallel, { function() finally(told) sleep(100) end, 'bad', on_failure = 'cancel' })",
                "false\tcancelled\tnil\tnil\t0\tnil"
            ),
            (
                "local t = spawn(function() finally(told) sleep(100) end) sleep(1) cancel(t)",
                "false\tcancelled\tnil\tnil\t0\tnil"
            ),
            ("phase('p', function() finally(told) finish 'done' end)", "false\tfinish\tnil\tnil\t0\tnil"),
            ("phase('p', function() finally(told) skip() end)", "false\tskip\tnil\tnil\t0\tnil"),
            ("phase('p', function() finally(told) fail 'no' end)", "false\tfail\tno\tnil\t0\tnil"),
            ("finally(told) execute 'a'", "true\treturned\tnil\tnil\t0\tnil"),
            ("retry({ times = 1 }, function() finally(told) end)", "true\treturned\tnil\tnil\t0\tnil"),
            ("if not restarted() then finally(told) restart_with(1) end", "false\trestart\tnil\tnil\t0\tnil"),
        ])
    func `whatever ends the scope, it runs and may start workflows`(call: String, ending: String) throws {
        let run = try run(Self.told + call + " print 'after'")
        #expect(run.output.count { $0 == ending } == 1, "\(run.output)")
        #expect(run.started.count { $0 == "clean" } == 1)
    }

    @Test(arguments: [true, false]) func `a run that is ended from outside still runs it`(isCancelled: Bool) throws {
        let event = isCancelled ? MachineEvent.cancelRun(by: "me") : .outOfTime(after: .seconds(2))
        let run = try run(
            Self.told + "finally(told) phase('p', function() finally(told) execute 'long' end)", [(.seconds(2), event)])
        let word =
            isCancelled
            ? "cancelled\tthe run was cancelled by me" : "timeout\tthe run took longer than its limit of 2.0 s"
        let left = isCancelled ? "0\tnil" : "1\tlong"
        #expect(run.output == Array(repeating: "false\t\(word)\tnil\t\(left)", count: 2))
        #expect(run.started == ["long", "clean", "clean"])
        #expect(run.end?.status == (isCancelled ? .cancelled : .timeout))
    }

    @Test func `they run singly, the last first, after the body, its handlers and its children`() throws {
        let run = try run(
            """
            phase("p", function()
              finally(function() print "first" end)
              finally(function() print "second" execute "a" spawn(function() sleep(3) print "child" end) end)
              local guard <close> = setmetatable({}, { __close = function() print "closed" end })
              spawn(function() sleep(5) print "spawned" end)
              print "body"
            end)
            print "after"
            """)
        #expect(run.output == ["body", "closed", "spawned", "second", "child", "first", "after"])
    }

    @Test(
        arguments: [
            ("finally(function() finally(print) end)", "cannot have one of its own"),
            ("finally(function() phase('p', function() finally(print) end) end)", "cannot have one of its own"),
            ("finally(function() finish() end)", "cannot end the run"),
            ("finally(function() fail() end)", "cannot end the run"),
            ("finally(function() restart_with(1) end)", "the script's own task"),
            ("for i = 1, 101 do finally(print) end", "100 of them at most"), ("finally(7)", "a function was expected"),
            ("finally(print, { tiemout = 1 })", "did you mean \"timeout\""),
            ("finally(print, { undoes = 1 })", "true or false"),
        ])
    func `what cannot be asked of it is an error with its place`(script: String, error: String) throws {
        let run = try run(script)
        #expect(run.end?.status == .failed)
        #expect(run.end?.error?.text.contains(error) == true, "\(run.end?.error?.text ?? "")")
        #expect(run.end?.error?.text.hasPrefix("test.lua:1: ") == true)
    }

    @Test func `its error is that of the scope, and the others still run`() throws {
        let run = try run(
            """
            print(pcall(phase, "p", function()
              finally(function() print "still" end)
              finally(function() error("cleaning", 0) end)
              error("body", 0)
            end))
            """)
        #expect(run.output == ["still", "false\t2 failed: body; cleaning"])
    }

    @Test(arguments: ["finish()", "skip()", "timeout(1, sleep, 5)"])
    func `its error makes a failure of what went well`(end: String) throws {
        let run = try run("finally(function() execute 'bad' end) \(end)")
        #expect(run.end?.status == (end.hasPrefix("timeout") ? .timeout : .failed))
        #expect(run.end?.error?.roots.contains { $0.label == "bad" } == true)
    }

    @Test func `one that takes too long is stopped, and its job is left`() throws {
        let run = try run("finally(function() execute 'long' end, { timeout = '10s' }) execute 'a'")
        #expect(run.end?.status == .timeout && run.end?.running.map(\.label) == ["long"])
        #expect(run.end?.error?.text.hasSuffix("finally: not done within 10.0 s, its timeout") == true)
    }

    @Test(arguments: ["start 'long'", "spawn(function() sleep(3600) execute 'a' end)"])
    func `one of which only what it has begun takes too long has failed too`(body: String) throws {
        let run = try run("finally(function() \(body) end)")
        #expect(run.end?.status == .timeout && run.end?.error?.text.contains("not done within 15m") == true)
        #expect(!run.started.contains("a"))
    }

    @Test(arguments: [
        ("finally(function() execute 'clean' end) execute 'lost'", true),
        ("finally(function() execute 'lost' end)", false),
    ])
    func `a start in doubt is left to a person at once, whatever time a finally has`(
        script: String, isCancelled: Bool
    ) throws {
        let scenario = "{ tells_whose: false, workflows: { lost: { reply: lost } }, others: { duration: 1s } }"
        let run = try run(script, scenario: scenario, isCancelled ? [(.seconds(2), .cancelRun(by: "me"))] : [])
        #expect(run.end?.status == .ambiguous && run.end?.doubtful.map(\.step.label) == ["lost"])
        #expect(run.now - run.records[0].at < .seconds(120))
    }

    @Test func `of a run that is cancelled all have thirty minutes`() throws {
        let run = try run(
            "for i = 1, 9 do finally(function() print(i) sleep('11m') end) end execute 'long'",
            [(.seconds(2), .cancelRun(by: "me"))])
        #expect(run.output == ["9", "8", "7"])
        #expect(
            run.end?.status == .cancelled && run.end?.notStarted.count { $0.hasPrefix("finally of test.lua:1") } == 6)
    }

    @Test(arguments: [0, 2]) func `without it, what runs of it is cancelled`(first: Int64) throws {
        var events = [(after: Duration.seconds(3), MachineEvent.cancelRun(by: "me", runsFinally: false))]
        if first > 0 { events.insert((.seconds(2), .cancelRun(by: "me")), at: 0) }
        let run = try run("finally(print) finally(function() execute 'long' end) execute 'long'", events)
        #expect(run.started.count == (first > 0 ? 2 : 1) && run.output.isEmpty)
        #expect(run.end?.status == .cancelled)
        #expect(run.studio.jobs(at: run.now).allSatisfy { $0.state == .cancelled })
        #expect(run.end?.notStarted.contains("finally of test.lua:1") == true)
    }

    @Test func `a run that waits for itself comes to its end with it`() throws {
        let run = try run(
            Self.told
                + "local t t = spawn(function() sleep(1) wait(u) end) u = spawn(function() wait(t) end) finally(told)")
        #expect(run.started == ["clean"])
        #expect(run.end?.error?.message.hasPrefix("every task waits for another") == true)
    }

    @Test func `a script whose log is full has a reserve for it`() throws {
        let run = try run(
            "finally(function() execute 'clean' while true do sleep(1) end end) while true do sleep(1) end",
            logLimit: LogLimit(records: 400))
        #expect(run.started == ["clean"] && run.records.count < 440)
        #expect(run.end?.error?.roots.first?.kind == .limit)
    }

    @Test func `a script that ran away has it too`() throws {
        var limits = RunConfiguration.usualLimits
        limits.time = .milliseconds(50)
        let run = try run(Self.told + "finally(told) while true do end", limits: limits)
        #expect(run.started == ["clean"] && run.output.first?.hasPrefix("false\tlimit") == true)
    }

    // MARK: Retry

    private func retried(_ script: String, from: [String] = []) throws -> (plan: RetryPlan, run: VirtualRun) {
        let former = try VirtualRun(script, scenario: Self.scenario).run()
        let plan = try RunMachine.planRetry(of: former.records, former.configuration, by: "me", from: from)
        let run = try VirtualRun(retrying: former, plan.retrial, after: .seconds(60)).goOn()
        try run.replayEveryPrefix()
        return (plan, run)
    }

    @Test func `a retry goes on in the scope, and it runs again at its next end`() throws {
        let (plan, run) = try retried(
            "finally(function() execute 'clean' end) execute 'load' execute 'bad' execute 'last'")
        #expect(plan.again.map(\.label) == ["bad"])
        #expect(run.started == ["load", "bad", "clean", "bad", "last", "clean"])
        #expect(run.end?.status == .succeeded)
    }

    @Test func `what undoes its scope has a retry do all of it again`() throws {
        let (plan, run) = try retried(
            """
            execute 'before'
            phase('p', function()
              finally(function() execute 'clean' end, { undoes = true })
              execute 'load' execute 'bad' execute 'last'
            end)
            """)
        #expect(plan.again.map(\.label) == ["load"])
        #expect(run.started == ["before", "load", "bad", "clean", "load", "bad", "last", "clean"])
        #expect(run.end?.status == .succeeded)
    }

    @Test func `a retry of a scope that undoes goes through its times again`() throws {
        let (plan, run) = try retried(
            """
            finally(function() execute 'clean' end, { undoes = true })
            pcall(parallel, { 'load', function() sleep(5) error('x', 0) end, on_failure = 'cancel' })
            execute 'bad'
            """)
        #expect(plan.again.map(\.label).sorted() == ["load"])
        #expect(run.started == ["load", "bad", "clean", "load", "bad", "clean"])
        #expect(run.end?.status == .succeeded)
    }

    @Test(arguments: ["", "finish()"]) func `what failed in it starts again by itself`(end: String) throws {
        let (plan, run) = try retried("finally(function() execute 'bad' execute 'last' end) execute 'load' \(end)")
        #expect(plan.again.map(\.label) == ["bad"])
        #expect(run.started == ["load", "bad", "bad", "last"] && run.end?.status == .succeeded)
    }

    @Test func `a scope that has ended well is kept with it`() throws {
        let (_, run) = try retried(
            "parallel { function() finally(function() execute 'clean' end) execute 'a' end, 'bad' } execute 'last'")
        #expect(run.started.sorted() == ["a", "bad", "bad", "clean", "last"])
    }
}
