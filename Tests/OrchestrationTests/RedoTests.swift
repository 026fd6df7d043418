import DataStudio
import Orchestration
import Rehearsal
import SimulatedStudio
import Testing

/// `retry --from`: steps that are done again with all that followed them.
@Suite struct RedoTests {
    private func plan(_ run: VirtualRun, from: [String]) throws -> RetryPlan {
        try RunMachine.planRetry(of: run.records, run.configuration, by: "somebody", from: from)
    }

    private func forecast(_ run: VirtualRun, _ plan: RetryPlan, after pause: Duration = .seconds(60)) throws
        -> RetryForecast
    {
        try RetryForecaster.forecast(
            plan.retrial, of: run.records, run.configuration, at: run.now + pause, usual: { _ in nil })
    }

    /// Does steps again.
    ///
    /// - Returns: what was planned and foreseen, the labels that were started again, and the run.
    private func redo(
        _ former: VirtualRun, from: [String]
    ) throws -> (plan: RetryPlan, forecast: RetryForecast, started: [String], run: VirtualRun) {
        let plan = try plan(former, from: from)
        let forecast = try forecast(former, plan)
        let run = try VirtualRun(retrying: former, plan.retrial, after: .seconds(60)).goOn()
        try run.replayEveryPrefix()
        return (plan, forecast, Array(run.started.dropFirst(former.started.count)), run)
    }

    @Test func `a step of a run that succeeded is done again, with all that followed it`() throws {
        let former = try VirtualRun("execute 'extract' execute 'load' execute 'match' print 'done'").run()
        #expect(former.end?.status == .succeeded)
        let (plan, forecast, started, run) = try redo(former, from: ["load"])
        #expect(plan.again.map(\.label) == ["load"] && started == ["load", "match"])
        #expect(forecast.starts.map(\.step.label) == ["load", "match"] && forecast.kept.map(\.label) == ["extract"])
        #expect(forecast.end?.status == .succeeded)
        #expect(run.end?.status == .succeeded && run.output == ["done"])
        // Once more, from an earlier step than the last time, and from a later one.
        #expect(try redo(run, from: ["extract"]).started == ["extract", "load", "match"])
        #expect(try redo(run, from: ["3"]).started == ["match"])
    }

    @Test(arguments: [Resolution.fail, .done])
    func `a step about which a person has decided is done again`(decision: Resolution) throws {
        let scenario = "{ workflows: { a: { failures: 1 } }, others: { duration: 1s } }"
        let former = try VirtualRun("execute 'a'", scenario: scenario).run()
        let log = former.records.map { record in
            let body: RecordBody =
                switch record.body {
                case .accepted: .ambiguous(Ambiguity(reason: "nobody knows"))
                case .settled: .resolved(decision, by: "somebody")
                case .ended where decision == .done: .ended(.succeeded)
                default: record.body
                }
            return Record(
                sequence: record.sequence, key: record.key, attempt: record.attempt, at: record.at, body: body)
        }
        #expect(log.map(\.body.kind).suffix(3) == ["ambiguous", "resolved", "ended"])
        let plan = try RunMachine.planRetry(of: log, former.configuration, by: "somebody", from: ["a"])
        #expect(plan.again.map(\.label) == ["a"] && plan.retrial.void == [4, 5])
    }

    @Test func `branches beside it are kept`() throws {
        let script =
            "parallel { chain { 'a', 'b' }, chain { 'c', 'd' }, function() execute 'e' execute 'f' end } execute 'g'"
        let former = try VirtualRun(script).run()
        #expect(try redo(former, from: ["c"]).started == ["c", "d", "g"])
        #expect(try redo(former, from: ["b", "e"]).started.sorted() == ["b", "e", "f", "g"])
        #expect(try redo(former, from: ["g"]).started == ["g"])
    }

    @Test func `what failed starts again as well`() throws {
        let scenario = "{ workflows: { c: { failures: 1 } }, others: { duration: 1s } }"
        let former = try VirtualRun("execute 'a' parallel { 'b', 'c' } execute 'd'", scenario: scenario).run()
        #expect(try redo(former, from: ["b"]).started.sorted() == ["b", "c", "d"])
        #expect(try redo(former, from: ["a"]).started.sorted() == ["a", "b", "c", "d"])
    }

    @Test func `a retry of before is done again as far as it is still asked for`() throws {
        let scenario = "{ workflows: { b: { failures: 1 }, d: { failures: 1 } }, others: { duration: 1s } }"
        let script = "parallel { chain { 'a', 'b' }, chain { 'c', 'd' }, on_failure = 'continue' } execute 'e'"
        let first = try VirtualRun(script, scenario: scenario).run()
        let second = try redo(first, from: []).run
        #expect(second.end?.status == .succeeded)
        let (_, _, started, run) = try redo(second, from: ["a"])
        #expect(started == ["a", "b", "e"] && run.end?.status == .succeeded)
    }

    @Test func `a run that was cancelled goes on`() throws {
        let scenario = "{ operations: [cancelJob], others: { duration: 100s } }"
        let former = try VirtualRun("execute 'a' execute 'b' execute 'c'", scenario: scenario)
        try former.run { $0.duration > 150 }
        former.deliver(.cancelRun(by: "somebody"))
        former.goOn()
        #expect(former.end?.status == .cancelled && former.started == ["a", "b"])
        #expect(try redo(former, from: []).started == ["b", "c"])
        #expect(try redo(former, from: ["a"]).started == ["a", "b", "c"])
    }

    @Test func `what another failure stops is not done again without that`() throws {
        let scenario = """
            { operations: [cancelJob], workflows: { bad: { duration: 2s, failures: 1 }, long: { duration: 100s } }, others: {} }
            """
        let script = "pcall(parallel, { 'a', 'bad', 'long', on_failure = 'cancel' }) execute 'b'"
        let former = try VirtualRun(script, scenario: scenario).run()
        let error = #expect(throws: RetryError.self) { try plan(former, from: ["a"]) }
        #expect(
            error?.description.contains("it is stopped, by another step that has failed") == true,
            "\(String(describing: error))")
        #expect(try redo(former, from: ["a", "bad"]).started.sorted() == ["a", "b", "bad", "long"])
    }

    @Test func `an interrupted run goes on from an earlier step, and what runs is waited for`() throws {
        let script = "execute 'a' parallel { 'b', 'long' } execute 'c'"
        let scenario = "{ workflows: { long: { duration: 100s } }, others: { duration: 1s } }"
        let former = try VirtualRun(script, scenario: scenario)
        try former.run { $0.duration > 50 }
        let (_, forecast, started, run) = try redo(former, from: ["b"])
        #expect(started == ["b", "c"] && run.end?.status == .succeeded)
        #expect(forecast.starts.map(\.step.label) == ["b", "c"])
        let plan = try plan(former, from: ["a"])
        #expect(plan.dropped.map(\.step.label).sorted() == ["b", "long"] && plan.dropped.contains { $0.isRunning })
    }

    @Test(arguments: [
        ("lod", #"there is no step "lod": did you mean "load"?"#), ("never", #"there is no step "never""#),
        ("twice", #""twice" stands for more than one step: give its number, one of 2, 3"#),
    ])
    func `what cannot be done again is refused`(name: String, message: String) throws {
        let script = "execute 'load' execute 'twice' execute 'twice' execute 'bad' execute 'never'"
        let former = try VirtualRun(
            script, scenario: "{ workflows: { bad: { outcome: FAILED } }, others: { duration: 1s } }"
        ).run()
        let error = #expect(throws: RetryError.self) { try plan(former, from: [name]) }
        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    }

    @Test func `what a retry has counted as done is done again from an earlier step only`() throws {
        let scenario = "{ workflows: { b: { failures: 1 } }, others: { duration: 1s } }"
        let former = try VirtualRun("execute 'a' execute 'b' execute 'c'", scenario: scenario).run()
        let done = try RunMachine.planRetry(of: former.records, former.configuration, by: "somebody", done: ["b"])
        let run = try VirtualRun(retrying: former, done.retrial, after: .seconds(60)).goOn()
        #expect(run.end?.status == .succeeded && run.started == ["a", "b", "c"])
        #expect {
            _ = try plan(run, from: ["b"])
        } throws: {
            ("\($0)").contains("b (test.lua:1) cannot be done again by itself, as a retry has counted it as done")
        }
        #expect(try redo(run, from: ["a"]).started == ["a", "b", "c"])
        #expect(try redo(run, from: ["c"]).started == ["c"])
    }

    @Test func `only what has ended is done again`() throws {
        let former = try VirtualRun("execute 'a'")
        try former.run { $0.records.count == 1 }
        let unstarted = #expect(throws: RetryError.self) { try plan(former, from: ["a"]) }
        #expect(unstarted?.description == "a (test.lua:1) was not started: a plain retry starts it")
        former.goOn { $0.records.last?.body.kind == "accepted" }
        let running = #expect(throws: RetryError.self) { try plan(former, from: ["a"]) }
        #expect(running?.description == "a (test.lua:1) has not ended: baton resume waits for it")
    }

    @Test func `a branch that has used the result is not redone by itself`() throws {
        let script = """
            local result
            parallel {
              function() result = execute 'a'.job_id execute 'b' end,
              function() sleep(5) if result then execute 'c' else execute 'other' end end,
            }
            """
        let former = try VirtualRun(script).run()
        #expect(former.started == ["a", "b", "c"])
        let error = #expect(throws: RetryError.self) { try plan(former, from: ["a"]) }
        #expect(
            error?.description.contains("other (test.lua:4) runs beside a (test.lua:3)") == true,
            "\(String(describing: error))")
    }

    @Test func `a branch that would fail without the result is not redone by itself`() throws {
        let script = """
            local result
            parallel {
              function() result = execute 'a' execute 'b' end,
              function() execute 'c' sleep(5) execute { 'd', params = { job = result.job_id } } end,
            }
            """
        let former = try VirtualRun(script).run()
        #expect(former.started.sorted() == ["a", "b", "c", "d"])
        let error = #expect(throws: RetryError.self) { try plan(former, from: ["a"]) }
        #expect(
            error?.description.contains("d (test.lua:4) has used a result of a (test.lua:3)") == true,
            "\(String(describing: error))")
        #expect(try redo(former, from: ["b"]).started == ["b"])
    }

    @Test func `a job that may still run is named, and what is waited for is foreseen`() throws {
        let script = "parallel { 'bad', 'long', { 'late', timeout = '5s' }, on_failure = 'cancel' } execute 'b'"
        let scenario =
            "{ workflows: { bad: { duration: 2s, failures: 1 }, long: { duration: 100s }, late: { duration: 90s } }, others: {} }"
        let former = try VirtualRun(script, scenario: scenario).run()
        #expect(former.end?.running.count == 2)
        let plain = try plan(former, from: [])
        let forecast = try forecast(former, plain)
        #expect(plain.mayRun.isEmpty && forecast.waits.map(\.label) == ["long", "late"])
        // Its time-out counts from the retry, and its job takes longer.
        #expect(forecast.end?.error?.roots.map(\.label) == ["late"] && forecast.end?.error?.kind == .timeout)
        // By then it has ended, as far as its history tells.
        let later = try RetryForecaster.forecast(
            plain.retrial, of: former.records, former.configuration, at: former.now + .seconds(90),
            usual: { ["long": .seconds(100), "late": .seconds(90)][$0] ?? .seconds(1) })
        #expect(later.end?.status == .succeeded && later.ended < former.now + .seconds(102), "\(later)")
        let redone = try plan(former, from: ["long"])
        #expect(redone.again.map(\.label).sorted() == ["bad", "long"])
        #expect(redone.mayRun.keys.sorted() == ["parallel#1[2]/execute#1"])
    }

    @Test func `what is said of a step that is not asked for in the same way is no secret`() throws {
        let former = try VirtualRun(
            "execute('a', { params = { n = param('n', '1') } }) execute 'bad' execute 'b'",
            scenario: "{ workflows: { bad: { outcome: FAILED } }, others: {} }"
        ).run()
        var revised = former.configuration
        revised.beginning.parameters = ["n": "2"]
        let error = #expect(throws: RetryError.self) {
            try RunMachine.planRetry(
                of: former.records, former.configuration, by: "somebody", done: ["bad"], revision: revised)
        }
        #expect(error?.description.contains("bad (test.lua:1) cannot be said to be done") == true)
    }

    @Test func `what was sent once needs consent to be sent again`() throws {
        let script =
            "execute 'a' http.post('https://x.test/y', { body = '' }) studio.execute_schedule('nightly') execute 'b'"
        let former = try VirtualRun(
            script, scenario: "{ operations: [executeSchedule], schedules: { nightly: [] }, others: {} }")
        former.answers = [.http(HTTPReply(status: 200, headers: [:], body: ""))]
        try former.run()
        try #require(former.end?.status == .succeeded, "\(String(describing: former.end))")
        let plan = try plan(former, from: ["a"])
        #expect(plan.repeated == ["POST https://x.test/y (test.lua:1)", "the schedule nightly (test.lua:1)"])
        #expect(plan.consents.count == 1)
        #expect(try self.plan(former, from: ["b"]).consents.isEmpty)
        let forecast = try forecast(former, plan)
        #expect(forecast.starts.map(\.step.label) == ["a"] && forecast.unknown == ["http (POST https://x.test/y)"])
        #expect(forecast.places == ["test.lua:1"] && forecast.end == nil)
    }

    /// What is foreseen of random retries is what then happens, if every job succeeds.
    @Test func `what a forecast says would start is what then starts`() throws {
        var states = 0
        var kinds: Set<String> = []
        for seed in UInt64(0)..<600 where states < 200 {
            let script = RandomScript(seed: seed)
            var random = SplitMix(seed: seed ^ 0xF0E)
            var failing = Set(script.labels.filter { _ in Int.random(in: 0..<100, using: &random) < 15 })
            func play(_ stop: Int?) throws -> VirtualRun {
                let entries = script.labels.map {
                    "\($0): { duration: 1s\(failing.contains($0) ? ", failures: 1" : "") }"
                }
                let run = try VirtualRun(
                    script.text,
                    scenario: "{ operations: [cancelJob], workflows: { \(entries.joined(separator: ", ")) } }")
                return try run.run { run in stop.map { run.records.count >= $0 } ?? false }
            }
            let count = try play(nil).records.count
            let isInterrupted = seed % 3 == 0
            let stop = isInterrupted ? Int.random(in: 1...count, using: &random) : nil
            // What has not failed by then does not fail later.
            failing = Set(
                try play(stop).records.compactMap { record in
                    if case .settled(.finished(let job)) = record.body, job.state == .failed { job.label } else { nil }
                })
            let former = try play(stop)
            let isFailed = former.end?.status == .failed
            let steps = former.records.compactMap { record in
                if case .settled(.finished(let job)) = record.body, job.state == .completed { record.key } else { nil }
            }
            let from = isFailed && seed % 2 == 0 ? [] : [steps.randomElement(using: &random)].compactMap { $0 }
            guard isFailed || !from.isEmpty, let redone = try? redo(former, from: from) else { continue }
            states += 1
            kinds.insert(isInterrupted ? "interrupted" : isFailed ? "failed" : "succeeded")
            let foreseen = redone.forecast.starts.map(\.step.label).sorted()
            #expect(foreseen == redone.started.sorted(), "\(seed) from \(from): \(script.text)")
            #expect(redone.run.end?.status == redone.forecast.end?.status, "\(seed) from \(from): \(script.text)")
            let kept = Set(redone.forecast.kept.map(\.label))
            #expect(kept.isDisjoint(with: redone.started), "\(seed) from \(from): \(script.text)")
            if !Set(foreseen).isDisjoint(with: kept) || foreseen != redone.started.sorted() { return }
        }
        #expect(states == 200 && kinds.count == 3)
    }
}
