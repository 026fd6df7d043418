import DataStudio
import LuaVM
import Orchestration
import SimulatedStudio
import Testing

/// What `<close>` handlers of stopped tasks can do.
@Suite struct GraceTests {
    private static func guarded(_ handler: String) -> String {
        """
        local guard <close> = setmetatable({}, { __close = function() \(handler) end })
        execute "long"
        print "never"
        """
    }
    private static let scenario = "{ operations: [cancelJob], workflows: { long: { duration: 1h }, a: {} } }"

    /// The script, cancelled two seconds after it began.
    private func cancelled(_ handler: String) throws -> VirtualRun {
        let run = try VirtualRun(Self.guarded(handler), scenario: Self.scenario)
        var isCancelled = false
        return try run.run { run in
            guard !isCancelled, run.now - run.records[0].at > .seconds(2) else { return false }
            isCancelled = true
            run.deliver(.cancelRun(by: "me"))
            return false
        }
    }

    private func replay(_ run: VirtualRun) throws {
        for cut in run.records.indices.dropFirst() {
            let machine = try RunMachine(run.configuration, at: run.records[0].at)
            _ = try machine.resume(Array(run.records.prefix(cut)), at: run.now)
        }
    }

    @Test func `they may wait and ask, and the run ends when they are done`() throws {
        let run = try cancelled(#"sleep(5) print("closed", (state "a"), pcall(sleep, 1))"#)
        #expect(run.output == ["closed\tnil\ttrue"])
        #expect(run.end?.status == .cancelled)
        #expect(run.now - run.records[0].at > .seconds(8))
        #expect(run.studio.jobs(at: run.now).map(\.state) == [.cancelled])
        try replay(run)
    }

    @Test(
        arguments: [
            #"execute "a""#, #"start "a""#, #"parallel { "a" }"#, #"parallel_each({ 1 }, execute)"#,
            #"spawn(print)"#, #"timeout(1, execute, "a")"#, #"wait(chain { "a" })"#, #"finish()"#, #"fail "x""#,
            #"phase("p", execute, "a")"#, #"studio.execute_schedule "s""#,
            #"studio.refresh_dataset "d""#,
        ])
    func `nothing can begin in them`(call: String) throws {
        let run = try cancelled("print(pcall(function() \(call) end))")
        let word = try #require(run.output.first)
        #expect(word.hasPrefix("false\t") && word.hasSuffix("what starts something belongs into finally(fn)"))
        #expect(run.output.count == 1 && run.started == ["long"])
        #expect(run.end?.status == .cancelled)
        try replay(run)
    }

    @Test(arguments: ["sleep(3600)", "while true do pcall(sleep, 20) end", #"for i = 1, 100 do sleep(1) end"#])
    func `their time is limited, and the end of it is written down`(handler: String) throws {
        let run = try cancelled(#"print "closing" \#(handler) print "never""#)
        #expect(run.output == ["closing"])
        #expect(run.end?.status == .cancelled)
        #expect(run.end?.warnings.contains { $0.contains("<close> handlers") } == true)
        let stopped = try #require(run.records.first { $0.body.kind == "stopping" })
        let over = try #require(run.records.first { $0.body == .fired(.grace, state: nil) })
        #expect(over.at - stopped.at == RunMachine.grace)
        try replay(run)
    }

    @Test(arguments: ["timeout(1, f)", #"cancel(spawn(f))"#, #"parallel { f, function() sleep(1) error "x" end }"#])
    func `a task that is stopped beside others is waited for`(stop: String) throws {
        let run = try VirtualRun(
            """
            local function f()
              local guard <close> = setmetatable({}, { __close = function() sleep(4) print "closed" end })
              sleep(100)
            end
            pcall(function() \(stop) end)
            print "after"
            """
        ).run()
        #expect(run.output == ["closed", "after"])
        try replay(run)
    }

    @Test(arguments: [#"repeat until pcall(execute, "a")"#, "while true do pcall(wait, {}) end"])
    func `one that asks for ever without waiting is cut off`(handler: String) throws {
        var limits = RunConfiguration.usualLimits
        limits.waits = 1000
        let run = try VirtualRun(Self.guarded(handler), scenario: Self.scenario, limits: limits)
        var isCancelled = false
        try run.run { run in
            guard !isCancelled, run.now - run.records[0].at > .seconds(2) else { return false }
            isCancelled = true
            run.deliver(.cancelRun(by: "me"))
            return false
        }
        #expect(run.end?.status == .cancelled)
        #expect(run.now - run.records[0].at < .seconds(5))
        try replay(run)
    }

    @Test func `a log of the first version has no such handlers`() throws {
        let script = """
            pcall(timeout, 1, function()
              local guard <close> = setmetatable({}, { __close = function() sleep(1) end })
              sleep(100)
            end)
            execute "a"
            """
        let run = try VirtualRun(script).run()
        // As it was written then: the block ends with its time, and nothing of its handler is there.
        var number = 0
        let log = run.records.filter { !$0.key.hasPrefix("timeout#1/") }.map { record in
            number += 1
            return Record(sequence: number, key: record.key, attempt: record.attempt, at: record.at, body: record.body)
        }
        #expect(log.count < run.records.count)
        var first = run.configuration
        first.beginning.replayVersion = 1
        #expect(first.beginning.canBeReplayed)
        try RunMachine(first, at: log[0].at).replay(log)
        #expect(throws: ReplayError.self) { try RunMachine(run.configuration, at: log[0].at).replay(log) }
    }
}
