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
        #expect(word.hasPrefix("false\t") && word.hasSuffix("nothing can begin where a script is being stopped"))
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

    @Test func `one that ran into its limit may wait as well`() throws {
        var limits = RunConfiguration.usualLimits
        limits.time = .milliseconds(50)
        let run = try VirtualRun(
            """
            local guard <close> = setmetatable({}, { __close = function() sleep(1) print "closed" end })
            while true do end
            """, limits: limits
        ).run()
        #expect(run.output == ["closed"])
        #expect(run.end?.error?.kind == .limit)
    }
}
