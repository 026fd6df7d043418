import DataStudio
import Orchestration
import SimulatedStudio
import Testing

/// Retries of runs that have failed: what is kept, what starts again, and how long that may take.
@Suite struct RetryTests {
    /// Plays a script to its failure and retries it.
    ///
    /// - Returns: the plan, and the run after it has ended anew.
    private func retry(
        _ script: String, _ scenario: String, after pause: Duration = .seconds(60)
    ) throws -> (plan: RetryPlan, run: VirtualRun, former: VirtualRun) {
        let former = try VirtualRun(script, scenario: scenario).run()
        try #require([.failed, .timeout].contains(former.end?.status), "\(String(describing: former.end))")
        let plan = try RunMachine.planRetry(of: former.records, former.configuration, by: "somebody")
        let run = try VirtualRun(retrying: former, plan.retrial, after: pause).goOn()
        // Whoever goes on from any record of it does the same.
        try run.replayEveryPrefix()
        return (plan, run, former)
    }

    /// What was started by the retry.
    private func started(_ run: VirtualRun, since former: VirtualRun) -> [String] {
        Array(run.started.dropFirst(former.started.count))
    }

    private static let firstFails = "{ workflows: { a: { failures: 1 } }, others: { duration: 1s } }"
    private static let collect = """
        local r = parallel_each({ "a", "b", "c", "d" }, function(name) return execute(name).state end,
          { limit = LIMIT, on_failure = "collect" })
        if #r.failed > 0 then error(r.failed[1].error, 0) end
        print(r[1].value, r[2].value, r[3].value, r[4].value)
        """

    @Test(arguments: 1...4)
    func `items that have succeeded are not started again, whatever the limit`(limit: Int) throws {
        let (plan, run, former) = try retry(
            Self.collect.replacing("LIMIT", with: "\(limit)"), Self.firstFails)
        #expect(former.started.count == 4)
        #expect(plan.again.map(\.label) == ["a"])
        #expect(started(run, since: former) == ["a"])
        #expect(run.end?.status == .succeeded && run.output.last == "COMPLETED\tCOMPLETED\tCOMPLETED\tCOMPLETED")
    }

    @Test func `the same of items of every kind`() throws {
        let script = """
            local r = parallel {
              'a', chain { 'b', 'c' }, function() execute 'd' end, limit = 1, on_failure = 'collect',
            }
            if #r.failed > 0 then error(r.failed[1].error, 0) end
            """
        let (_, run, former) = try retry(script, Self.firstFails)
        #expect(former.started == ["a", "b", "c", "d"] && started(run, since: former) == ["a"])
        #expect(run.end?.status == .succeeded)
    }

    @Test(arguments: 1...3, [true, false])
    func `a list that goes on is retried item by item`(limit: Int, isChain: Bool) throws {
        let items = "'a', 'b', function() execute 'c' execute 'e' end, 'd', on_failure = 'continue'"
        let script = isChain ? "wait(chain { \(items) })" : "parallel { \(items), limit = \(limit) }"
        let scenario = "{ workflows: { a: { failures: 1 }, c: { failures: 1 } }, others: { duration: 1s } }"
        let (plan, run, former) = try retry(script + " print 'done'", scenario)
        #expect(former.started.sorted() == ["a", "b", "c", "d"])
        #expect(plan.again.map(\.label).sorted() == ["a", "c"])
        #expect(started(run, since: former).sorted() == ["a", "c", "e"])
        #expect(run.end?.status == .succeeded && run.output == ["done"])
    }

    /// As the guide has it: every item is tried, and all that failed are one error.
    private static let recipe = """
        local r = parallel_each({ "a", "b", "c", "d", "e" }, function(name)
          execute("prepare-" .. name)
          return execute(name).state
        end, { limit = LIMIT, on_failure = "collect" })
        parallel_each(r.failed, function(failure) error(failure.error) end)
        print 'done'
        """

    @Test(arguments: 1...3) func `what starts again keeps to the limit of its list`(limit: Int) throws {
        let scenario = """
            workflows:
              a: { failures: 1, duration: 10s }
              c: { failures: 1, duration: 10s }
              e: { failures: 1, duration: 10s }
            others: { duration: 1s }
            """
        let (plan, run, former) = try retry(Self.recipe.replacing("LIMIT", with: "\(limit)"), scenario)
        #expect(plan.again.map(\.label).sorted() == ["a", "c", "e"])
        #expect(started(run, since: former).sorted() == ["a", "c", "e"])
        #expect(run.end?.status == .succeeded && run.output == ["done"])
        let jobs = run.studio.jobs(at: run.now).filter { ($0.created ?? former.now) > former.now }
        let most = jobs.map { job in
            jobs.count { $0.created! <= job.created! && $0.finished! > job.created! }
        }.max()
        #expect(most == min(limit, 3))
    }

    @Test func `what fails again lets the others start all the same`() throws {
        let scenario = """
            workflows: { a: { failures: 2 }, c: { failures: 1 }, e: { failures: 1 } }
            others: { duration: 1s }
            """
        let (_, run, former) = try retry(Self.recipe.replacing("LIMIT", with: "1"), scenario)
        #expect(started(run, since: former) == ["a", "c", "e"])
        #expect(run.end?.status == .failed && run.end?.error?.roots.map(\.label) == ["a"])
        let plan = try RunMachine.planRetry(of: run.records, run.configuration, by: "somebody")
        #expect(plan.again.map(\.label) == ["a"])
        let last = try VirtualRun(retrying: run, plan.retrial, after: .seconds(5)).goOn()
        #expect(started(last, since: run) == ["a"] && last.end?.status == .succeeded)
    }

    @Test(arguments: ["timeout('10m', function() execute 'a' end)", "execute { 'a', timeout = '10m' }"])
    func `the limit of a block that is open counts from the retry`(script: String) throws {
        let scenario = "workflows: { a: { failures: 1, duration: 5m } }"
        let (plan, run, former) = try retry(script + " print 'done'", scenario, after: .seconds(86_400))
        #expect(plan.again.map(\.label) == ["a"] && started(run, since: former) == ["a"])
        #expect(run.end?.status == .succeeded && run.output == ["done"])
    }

    private static let cancelling = "parallel { 'bad', 'long', on_failure = 'cancel' } print 'done'"

    @Test func `the limit of a block that counts from the retry is a limit`() throws {
        let script = "timeout('10m', function() execute 'a' execute 'b' end)"
        let scenario = "workflows: { a: { failures: 1, duration: 6m }, b: { duration: 6m } }"
        let (_, run, former) = try retry(script, scenario, after: .seconds(86_400))
        #expect(started(run, since: former) == ["a", "b"])
        #expect(run.end?.status == .timeout)
        #expect(run.now - former.now < .seconds(86_400 + 11 * 60))
    }

    @Test func `a job that was cancelled because of what failed starts again`() throws {
        let (plan, run, former) = try retry(
            Self.cancelling,
            "{ operations: [cancelJob], workflows: { bad: { failures: 1, duration: 5s }, long: { duration: 1h } } }")
        #expect(former.studio.log.contains { $0.operation == .cancelJob })
        #expect(plan.again.map(\.label).sorted() == ["bad", "long"])
        #expect(started(run, since: former).sorted() == ["bad", "long"])
        #expect(run.end?.status == .succeeded && run.output == ["done"], "\(String(describing: run.end?.error))")
    }

    @Test func `one that could not be cancelled is waited for`() throws {
        let (plan, run, former) = try retry(
            Self.cancelling, "workflows: { bad: { failures: 1, duration: 5s }, long: { duration: 1h } }")
        #expect(plan.again.map(\.label) == ["bad"])
        #expect(started(run, since: former) == ["bad"])
        #expect(run.end?.status == .succeeded && run.output == ["done"])
    }

    @Test(arguments: [1, 2]) func `what starts again in nested lists waits for no other item`(limit: Int) throws {
        let script = """
            local r = parallel {
              function() parallel { "C", "E", on_failure = "cancel" } end, "G", limit = \(limit), on_failure = "collect",
            }
            parallel_each(r.failed, function(f) error(f.error) end)
            """
        let scenario = """
            operations: [cancelJob]
            workflows: { C: { duration: 2s }, E: { failures: 1, duration: 50ms }, G: { failures: 1, duration: 1s } }
            """
        let (plan, run, former) = try retry(script, scenario)
        #expect(plan.again.map(\.label).sorted() == ["C", "E", "G"])
        #expect(started(run, since: former).sorted() == ["C", "E", "G"])
        #expect(limit == 2 || started(run, since: former).last == "G")
        #expect(run.end?.status == .succeeded, "\(String(describing: run.end?.error))")
    }

    @Test func `what was never started is announced as well`() throws {
        let script = "parallel { 'bad', chain { 'long', 'last' }, 'other', limit = 2, on_failure = 'cancel' }"
        let scenario = """
            operations: [cancelJob]
            workflows: { bad: { failures: 2, duration: 5s }, long: { duration: 1h } }
            others: { duration: 1s }
            """
        let (plan, run, _) = try retry(script, scenario)
        #expect(plan.again.map(\.label).sorted() == ["bad", "long"] && plan.further.isEmpty)
        let next = try RunMachine.planRetry(of: run.records, run.configuration, by: "somebody")
        #expect((next.again + next.further).map(\.label).sorted() == ["bad", "long"])
    }

    private static let cancelled = "local t = spawn(function() execute 'first' sleep(50) end) sleep(3) cancel(t) "

    /// Its end counts: without it, nothing that came behind the cancel would.
    @Test func `what the script cancels before it could fail again keeps its end`() throws {
        let (plan, run, former) = try retry(
            Self.cancelled + "execute 'a' execute 'bad'",
            "{ workflows: { first: { failures: 1, duration: 1s }, bad: { failures: 1 } }, others: { duration: 1s } }")
        #expect(plan.again.map(\.label) == ["bad"] && started(run, since: former) == ["bad"])
        #expect(run.end?.error?.roots.map(\.label) == ["first"])
    }

    @Test func `what the script would cancel now cannot be retried by itself`() throws {
        let former = try VirtualRun(
            Self.cancelled + "execute 'a'",
            scenario: "{ workflows: { first: { failures: 1, duration: 1s } }, others: { duration: 1s } }"
        ).run()
        let error = #expect(throws: RetryError.self) {
            try RunMachine.planRetry(of: former.records, former.configuration, by: "somebody")
        }
        #expect(error.map { "\($0)".contains("would be cancelled now") } == true, "\(String(describing: error))")
    }

    // MARK: Questions

    private static let refused = """
        workflows: { x: { duration: 1s } }
        others: { duration: 1s }
        faults: [ { fault: 404, operation: listJobs, from: 0s, for: 30s } ]
        """

    @Test(arguments: [
        "execute 'x' state('x') execute 'c'",
        "execute 'x' studio.jobs { state = 'RUNNING' } execute 'c'",
        "execute 'x' parallel { 'd', function() local ok, e = pcall(state, 'x') if not ok then error(e, 0) end end } execute 'c'",
    ])
    func `a question whose failure ended the run is asked again`(script: String) throws {
        let (plan, run, former) = try retry(script, Self.refused)
        #expect(plan.asked.count == 1 && plan.asked.allSatisfy { $0.hasSuffix(" (test.lua:1)") }, "\(plan.asked)")
        #expect(plan.again.isEmpty && plan.dropped.isEmpty)
        #expect(started(run, since: former) == ["c"])
        #expect(run.end?.status == .succeeded, "\(String(describing: run.end))")
    }

    @Test func `a question that the script has answered for is not`() throws {
        let former = try VirtualRun("print((pcall(state, 'x'))) error('no')", scenario: Self.refused).run()
        #expect(former.output == ["false"])
        #expect(throws: RetryError.self) {
            try RunMachine.planRetry(of: former.records, former.configuration, by: "somebody")
        }
    }

    // MARK: Times

    private static let slow = "{ workflows: { a: { duration: 20s } }, others: { duration: 1s } }"

    @Test(arguments: [
        "timeout('10s', function() execute 'a' execute 'b' end)",
        "local j = start 'a' wait(j, '10s') execute 'b'",
        "parallel { 'x', function() timeout('10s', execute, 'a') end } execute 'b'",
        "wait_until(function() return execute('a').state == 'COMPLETED' end, { timeout = '10s' }) execute 'b'",
    ])
    func `a block whose time was up has it again, and its job is not started again`(script: String) throws {
        let (plan, run, former) = try retry(script + " execute 'c'", Self.slow)
        #expect(plan.timed.count == 1 && plan.again.isEmpty, "\(plan.timed) \(plan.again.map(\.label))")
        #expect(started(run, since: former) == ["b", "c"])
        #expect(run.end?.status == .succeeded, "\(String(describing: run.end))")
    }

    @Test func `its time is a limit again`() throws {
        let (_, run, former) = try retry(
            "timeout('10s', function() execute 'a' end)", "others: { duration: 100s }", after: .seconds(20))
        #expect(started(run, since: former) == [] && run.end?.status == .timeout)
    }

    @Test func `what had to be done by an instant has no time again`() throws {
        let script = "deadline('04:06', function() execute 'a' end)"
        let former = try VirtualRun(script, scenario: "others: { duration: 1h }").run()
        #expect(former.end?.status == .timeout, "\(String(describing: former.end))")
        #expect(throws: RetryError.self) {
            try RunMachine.planRetry(of: former.records, former.configuration, by: "somebody")
        }
    }
}
