import DataStudio
import LuaVM
import Orchestration
import SimulatedStudio
import Testing

/// `lock` and `pool`: blocks of which only so many go on at a time.
@Suite struct LockTests {
    private func run(_ script: String, held: Set<String> = [], begin: (VirtualRun) -> Void = { _ in }) throws
        -> VirtualRun
    {
        let run = try VirtualRun(script)
        run.heldByOthers = held
        begin(run)
        try run.run()
        try run.replayEveryPrefix()
        return run
    }

    private func plan(_ former: VirtualRun, from: [String] = []) throws -> RetryPlan {
        try RunMachine.planRetry(of: former.records, former.configuration, by: "me", from: from)
    }

    @Test func `the block's values are returned, and its error is raised`() throws {
        let run = try run(
            "print(lock('w', function() return 1, 'two' end)) "
                + "print(select(2, pcall(pool, 'p', 2, function() error('no', 0) end))) execute 'after'")
        #expect(run.output == ["1\ttwo", "no"])
        #expect(run.end?.status == .succeeded && run.started == ["after"])
    }

    @Test(arguments: [
        ("lock('w', function() execute(i) end)", 1), ("pool('p', 2, function() execute(i) end)", 2),
        ("pool('p', 3, function() pool('q', 2, function() execute(i) end) end)", 2),
    ])
    func `so many blocks go on at a time, in the order in which they came`(call: String, size: Int) throws {
        let run = try run("parallel_each({ 'a', 'b', 'c', 'd', 'e', 'f' }, function(i) \(call) end)")
        #expect(run.started == ["a", "b", "c", "d", "e", "f"])
        let spans = run.started.compactMap { run.span($0) }
        for span in spans {
            #expect(spans.count { $0.from <= span.from && span.from < $0.to } <= size)
        }
        #expect(run.duration >= Double(6 / size) && run.duration < Double(6 / size) + 2)
    }

    @Test func `a block is over when all is that it has begun, its finally included`() throws {
        let run = try run(
            """
            local function work(name)
              finally(function() execute(name .. "-end") end)
              spawn(function() execute(name .. "-job") end)
            end
            parallel { function() lock("w", work, nil) end, function() lock("w", function() work "b" end) end,
              function() lock("w", function() work "c" end) end, on_failure = "collect" }
            """)
        #expect(run.started == ["b-job", "b-end", "c-job", "c-end"], "\(run.started)")
    }

    @Test func `of what is held by another run, people are told, and wait is how long that may take`() throws {
        let run = try run(
            "local ok, e = pcall(lock, 'w', function() execute 'a' end, { wait = '2h' }) print(e.kind, e.message)",
            held: ["w"])
        #expect(run.output == ["timeout\tlock \"w\": not free within 2h 0m, its wait"])
        #expect(run.started.isEmpty && run.duration >= 7200)
        // It is not taken any more from now on.
        #expect(run.trace.contains("drop lock"))
        let words = run.events.compactMap { event -> String? in
            if case .step(let event) = event, case .waiting(let reason) = event.change { reason } else { nil }
        }
        #expect(words == ["waits: held by run other"])
    }

    @Test(
        arguments: [
            ("timeout(5, lock, 'w', function() execute 'a' end)", "after"),
            (
                "parallel { function() lock('w', print) end, function() sleep(1) error 'x' end, on_failure = 'cancel' }",
                "after"
            ),
        ])
    func `what nobody waits for any more is not taken`(call: String, printed: String) throws {
        let run = try run("pcall(function() \(call) end) print 'after'", held: ["w"])
        #expect(run.output == [printed] && run.trace.contains("drop lock") && run.end?.status == .succeeded)
    }

    @Test func `of a step the outermost block is reported`() throws {
        let run = try run("lock('w', function() pool('p', 2, function() execute 'a' end) end) execute 'b'")
        let blocks = run.events.compactMap { event -> String? in
            guard case .step(let event) = event, case .starting = event.change else { return nil }
            return "\(event.step.title) \(event.step.block ?? "-")"
        }
        #expect(blocks == ["a lock \"w\"", "b -"])
    }

    @Test func `what a task holds already it cannot take again`() throws {
        let run = try run(
            "lock('w', function()\n parallel { function()\n pool('w', 2, print) end } end)")
        #expect(
            run.end?.error?.message.contains(
                "pool: \"w\" is held here already, since test.lua:1: it would wait for itself")
                == true, "\(run.end?.error?.text ?? "")")
    }

    @Test(arguments: [
        // Each holds what the other wants.
        """
        parallel {
          function() lock("one", function() sleep(1)
            lock("two", function() execute "a" end) end) end,
          function() lock("two", function() sleep(1)
            lock("one", function() execute "b" end) end) end,
          on_failure = "collect" }
        """,
        // A block waits for a task that wants what it holds.
        """
        lock("one", function()
          local t = spawn(function() lock("one", function() execute "a" end) end)
          pcall(wait, t)
        end)
        execute "b"
        """,
    ])
    func `of blocks that wait for each other within a run one gets an error, and the rest goes on`(script: String)
        throws
    {
        // A task below a block that holds it would be told at once: this one is beside it.
        let beside = script.replacing("spawn(function() lock", with: "spawn(function() sleep(1) lock")
        let run = try run(beside)
        #expect(run.started.count == 1, "\(run.started) \(run.end?.error?.text ?? "")")
    }

    @Test func `an error of a circle names the lines`() throws {
        let run = try run(
            """
            local other
            local first = spawn(function() lock("one", function() sleep(2) wait(other) end) end)
            other = spawn(function() sleep(1) lock("one", function() execute "b" end) end)
            """)
        #expect(
            run.end?.error?.text.contains(
                "it is held at test.lua:2, where the script waits for this: neither can go on")
                == true, "\(run.end?.error?.text ?? "")")
    }

    @Test func `a retry starts nothing in a block before it holds its lock again`() throws {
        let script = """
            lock("w", function() execute "a" execute "bad" execute "c" end)
            """
        let former = try VirtualRun(
            script, scenario: "{ others: { duration: 1s }, workflows: { bad: { failures: 1 } } }")
        try former.run()
        #expect(former.end?.status == .failed && former.started == ["a", "bad"])
        let plan = try plan(former)
        let run = try VirtualRun(retrying: former, plan.retrial, after: .seconds(60))
        run.goOn()
        #expect(run.started == ["a", "bad", "bad", "c"] && run.end?.status == .succeeded)
        let kinds = run.records.drop { $0.body.kind != "retried" }.map { "\($0.body.kind) \($0.key)" }
        #expect(kinds.dropFirst(2).first == "answered lock#1/block#1/taken#1", "\(kinds)")
        try run.replayEveryPrefix()
    }

    /// `d` waits for a slot of the server when `bad` fails.
    @Test func `what was wanted in a block before the run ended does not leave before it holds its lock again`() throws
    {
        let former = try VirtualRun(
            "lock('w', function() parallel { 'a', 'bad', 'd', on_failure = 'cancel' } end)",
            scenario: "{ workflows: { a: { duration: 10s }, bad: { failures: 1 } }, others: { duration: 1s } }",
            maxParallel: 2)
        try former.run()
        #expect(former.end?.status == .failed && former.started == ["a", "bad"], "\(former.started)")
        let run = try VirtualRun(retrying: former, try plan(former).retrial, after: .seconds(60))
        run.goOn()
        #expect(run.started.dropFirst(2).sorted() == ["bad", "d"] && run.end?.status == .succeeded)
        // The lock may be another run's by then.
        let log = Array(run.records.prefix { $0.body.kind != "resumed" && $0.key != "lock#1/block#1/taken#1" })
        let machine = try RunMachine(run.configuration, at: log[0].at)
        for action in try machine.resume(log, at: run.now) {
            if case .start(_, _, let start) = action { Issue.record("\(start.label) leaves without the lock") }
        }
        try run.replayEveryPrefix()
    }

    @Test func `blocks that are retried together take turns`() throws {
        let script = """
            parallel_each({ "a", "b", "c" }, function(x) lock("w", function() execute(x) end) end, { on_failure = "continue" })
            """
        let former = try VirtualRun(
            script,
            scenario:
                "{ workflows: { a: { failures: 1 }, b: { failures: 1 }, c: { failures: 1 } }, others: { duration: 1s } }"
        )
        try former.run()
        let run = try VirtualRun(retrying: former, try plan(former).retrial, after: .seconds(60))
        run.goOn()
        #expect(run.started == ["a", "b", "c", "a", "b", "c"] && run.end?.status == .succeeded)
        let jobs = run.studio.jobs(at: run.now).suffix(3)
        for (one, next) in zip(jobs, jobs.dropFirst()) { #expect(try #require(one.finished) <= #require(next.created)) }
        try run.replayEveryPrefix()
    }

    @Test func `one that was not free in time is waited for again by a retry`() throws {
        let former = try run("execute 'a' lock('w', function() execute 'b' end, { wait = 60 })", held: ["w"])
        #expect(former.end?.status == .timeout || former.end?.status == .failed, "\(former.end?.status)")
        let run = try VirtualRun(retrying: former, try plan(former).retrial, after: .seconds(60))
        run.goOn()
        #expect(run.started == ["a", "b"] && run.end?.status == .succeeded)
    }

    @Test(
        arguments: [
            ("lock()", "a name was expected"), ("lock('', print)", "a name was expected"),
            ("lock('w')", "a function was expected second"), ("pool('w', 2)", "a function was expected third"),
            ("pool('w', 0, print)", "a size from 1 to 1000 was expected second; got 0"),
            ("pool('w', 1001, print)", "a size from 1 to 1000"), ("pool('w', print)", "a size from 1 to 1000"),
            ("lock('w', print, { wait = 'x' })", "the option \"wait\""),
            ("lock('w', print, { timeout = 3 })", "unknown option \"timeout\""),
            ("lock(('x'):rep(101), print)", "a name has 100 bytes at most; this one has 101"),
        ])
    func `what is wrong with the call is an error`(call: String, error: String) throws {
        let text = try run(call).end?.error?.text ?? ""
        #expect(text.contains(error), "\(text)")
    }

    @Test func `two hundred blocks in a pool of two ask for no more than two at a time`() throws {
        let run = try VirtualRun(
            "local n = 0 parallel_each((function() local t = {} for i = 1, 200 do t[i] = i end return t end)(), "
                + "function() pool('p', 2, function() n = n + 1 end) end) print(n)"
        ).run()
        #expect(run.output == ["200"])
    }
}
