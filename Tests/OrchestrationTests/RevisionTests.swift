import DataStudio
import Orchestration
import Testing

/// Logs that meet another script than the one they are of.
@Suite struct RevisionTests {
    private func configuration(_ run: VirtualRun, _ text: String? = nil) -> RunConfiguration {
        var configuration = run.configuration
        if let text { configuration.beginning.text = text }
        return configuration
    }

    @Test(
        arguments: [
            (#"execute "a"\#nexecute "b""#, #"execute "a"\#n\#nexecute "c""#, "test.lua:2", "test.lua:3"),
            (#"execute "a"\#nexecute "b""#, #"execute "a"\#nsleep(1)"#, "test.lua:2", nil),
            (#"execute "a"\#nexecute "b""#, #"execute "a""#, "test.lua:2", nil),
        ] as [(String, String, String, String?)])
    func `a script that does something else than its log is told with both lines`(
        script: String, other: String, recorded: String, current: String?
    ) throws {
        let run = try VirtualRun(script).run()
        let machine = try RunMachine(configuration(run, other), at: run.records[0].at)
        #expect {
            try machine.replay(run.records)
        } throws: { error in
            (error as? ReplayError)?.recorded == recorded && (error as? ReplayError)?.current == current
        }
    }

    @Test(
        arguments: [
            // What is added at the end takes nothing away.
            (#"execute "a""#, #"execute "a" execute "b""#, []),
            (#"execute "a" execute "b""#, #"execute "a" execute "c""#, ["b"]),
            (#"execute "a" execute "b""#, #"execute "b" execute "a""#, ["a", "b"]),
            (#"parallel { "a", "b" }"#, #"parallel { "a", "c" }"#, ["b"]),
            (#"parallel { "a", "b" } execute "c""#, #"parallel { "b", "a" } execute "c""#, ["a", "b", "c"]),
            (#"execute "a""#, #"execute { "a", params = { x = "1" } }"#, ["a"]),
            // Neither changes what was asked for.
            (#"execute "a""#, #"execute { "a", timeout = 900, name = "A" }"#, []),
            (#"execute "a""#, #"for _, name in ipairs { "a" } do execute(name) end"#, []),
            // What was waited for, or asked, is not in the log: it has to be the same.
            (#"sleep(5) execute "a""#, #"sleep(5) execute "a""#, []),
            (#"sleep(5) execute "a""#, #"sleep(6) execute "a""#, ["a"]),
            (#"execute "x" state("x") execute "a""#, #"execute "x" state("x") execute "a""#, []),
            (#"execute "x" state("x") execute "a""#, #"execute "x" state("y") execute "a""#, ["a"]),
        ] as [(String, String, [String])])
    func `a changed script keeps what it asks for in the same way and order`(
        script: String, other: String, dropped: [String]
    ) throws {
        let run = try VirtualRun(script + #" error "typo""#).run()
        #expect(run.started.contains("a"))
        let plan = try RunMachine.planRetry(
            of: run.records, configuration(run), by: "me", revision: configuration(run, other))
        #expect(plan.dropped.map(\.step.label) == dropped)
        #expect(plan.dropped.allSatisfy { !$0.isRunning })
        #expect(plan.again.isEmpty && plan.waits.isEmpty)
        // The plan can be followed.
        let retried = Record(
            sequence: run.records.count + 1, key: "", attempt: 1, at: run.now, body: .retried(plan.retrial))
        let machine = try RunMachine(configuration(run, other), at: run.records[0].at)
        try machine.replay(run.records + [retried])
    }

    @Test(arguments: [#"execute { "a", params = { x = "1" } }"#, #"execute "b""#, #"sleep(1)"#])
    func `what may have been started is not given up for a changed script`(other: String) throws {
        let run = try VirtualRun(#"execute "a""#).run()
        // Its process died when the start was about to leave.
        let intent = try #require(run.records.firstIndex { $0.body.kind == "intent" })
        let log = Array(run.records[...intent])
        #expect(throws: RetryError.self) {
            try RunMachine.planRetry(of: log, configuration(run), by: "me", revision: configuration(run, other))
        }
        // The same start may stay as it is.
        let plan = try RunMachine.planRetry(
            of: log, configuration(run), by: "me", revision: configuration(run, #"execute "a" execute "b""#))
        #expect(plan.dropped.isEmpty && plan.retrial.void.isEmpty)
    }

    @Test func `an attempt that counts no more keeps its number, also before a step that asks first`() throws {
        let run = try VirtualRun(#"execute "a" error "typo""#).run()
        let other = configuration(run, #"execute { "b", if_running = "join" }"#)
        let plan = try RunMachine.planRetry(of: run.records, configuration(run), by: "me", revision: other)
        let retried = Record(
            sequence: run.records.count + 1, key: "", attempt: 1, at: run.now, body: .retried(plan.retrial))
        let machine = try RunMachine(other, at: run.records[0].at)
        let asked = try machine.resume(run.records + [retried], at: run.now)
        guard case .ask(let query, _, _)? = asked.first(where: { if case .ask = $0 { true } else { false } }) else {
            Issue.record("it asks whether b runs: \(asked)")
            return
        }
        let started = machine.handle(.answered(query, .job(nil)), at: run.now)
        guard case .start(let step, _, _)? = started.first(where: { if case .start = $0 { true } else { false } })
        else {
            Issue.record("it starts b: \(started)")
            return
        }
        let intent = machine.handle(.startReady(step, StartReadiness(gate: "")), at: run.now)
        #expect(intent.contains { if case .append(let record) = $0 { record.attempt == 2 } else { false } })
    }

    @Test func `a step that failed starts again where the changed script still asks for it`() throws {
        let script = #"execute "a" execute "bad" execute "c""#
        let scenario = "workflows: { bad: { outcome: FAILED } }\nothers: { duration: 1s }"
        let run = try VirtualRun(script, scenario: scenario).run()
        for (other, again, dropped) in [
            (#"execute "a" execute "bad" execute "d""#, ["bad"], []),
            (#"execute "a" execute "good" execute "d""#, [], ["bad"]),
        ] as [(String, [String], [String])] {
            let plan = try RunMachine.planRetry(
                of: run.records, configuration(run), by: "me", revision: configuration(run, other))
            #expect(plan.again.map(\.label) == again)
            #expect(plan.dropped.map(\.step.label) == dropped)
        }
    }
}
