import LuaVM
import Orchestration
import Testing

/// A run whose log grows without end is warned, and ended.
@Suite struct LogLimitTests {
    @Test(arguments: [
        "while true do sleep(0) end", "while true do pcall(sleep, 0) end",
        "while true do pcall(state, 'a') sleep(0) end",
        "wait_until(function() end, { every = 0 })",
        "retry({ times = 1000000, delay = 0, on = 'script' }, error, 'no')",
        "parallel { function() while true do sleep(0) end end, on_failure = 'collect' }",
    ])
    func `a script that spins is warned, and ends with the kind limit`(script: String) throws {
        let run = try VirtualRun(
            "local job = start 'long'\n\(script)\nprint 'never'",
            scenario: "workflows: { long: { duration: 1h }, a: {} }", logLimit: LogLimit(records: 200)
        ).run()
        #expect(run.end?.status == .failed)
        #expect(run.end?.error?.kind == .limit)
        #expect(run.end?.error?.message.contains("limits.records") == true)
        #expect(run.end?.error?.location?.hasPrefix("test.lua:") == true)
        #expect(run.end?.running.map(\.label) == ["long"])
        let warnings = run.end?.warnings.filter { $0.contains("limits.records") } ?? []
        #expect(warnings.count == 1, "\(run.end?.warnings ?? [])")
        #expect(run.records.count < 220)
        #expect(run.output.isEmpty)
        // The end is in the log: a replay comes to it as well.
        let again = try RunMachine(run.configuration, at: run.records[0].at)
        try again.replay(run.records)
    }

    @Test func `bytes are counted as well, and what an earlier life wrote`() throws {
        let run = try VirtualRun("while true do sleep(0) end", logLimit: LogLimit(bytes: 1 << 20), recordSize: 1 << 12)
            .run()
        #expect(run.end?.error?.message.contains("limits.log") == true)
        #expect(run.records.count < 300)
    }

    @Test func `handlers of a run that is ended by its log may wait`() throws {
        let run = try VirtualRun(
            """
            local kept <close> = setmetatable({}, { __close = function() sleep(1) print 'closed' end })
            while true do sleep(0) end
            """, logLimit: LogLimit(records: 100)
        ).run()
        #expect(run.end?.error?.kind == .limit)
        #expect(run.output == ["closed"])
    }

    @Test func `in a session it is the line that ends`() throws {
        let run = try VirtualRun("", logLimit: LogLimit(records: 100)) { $0.isSession = true }.run()
        run.deliver(.enter("while true do sleep(0) end"))
        run.goOn()
        #expect(run.lineEnds.last?.error?.kind == .limit)
        #expect(run.end == nil)
    }

    @Test func `texts of one turn count against the memory`() throws {
        for script in [
            "while true do print(('x'):rep(1000)) end", "while true do log.info 'x' end",
            "while true do pcall(print, ('x'):rep(1000)) end",
        ] {
            let run = try VirtualRun(script, limits: LuaLimits(time: .seconds(10), memory: 8 << 20)).run()
            #expect(run.end?.error?.kind == .limit, "\(script)")
            #expect(run.events.count < 8 << 20 / 1000)
        }
        // What has left counts no more.
        let run = try VirtualRun(
            "for i = 1, 100 do print(('x'):rep(200000)) sleep(1) end", limits: LuaLimits(memory: 8 << 20)
        ).run()
        #expect(run.end?.status == .succeeded)
        #expect(run.output.count == 100)
    }

    @Test func `tasks, timers and questions count against the memory`() throws {
        for script in [
            "while true do spawn(function() sleep(1000) end) end", "while true do spawn(state, 'a') end",
            "while true do spawn(start, 'a') end",
        ] {
            let run = try VirtualRun(script, limits: LuaLimits(time: .seconds(10), memory: 8 << 20)).run()
            #expect(run.end?.error?.kind == .limit, "\(script)")
        }
        let run = try VirtualRun(
            "for i = 1, 20000 do wait(spawn(function() sleep(1) end)) end", limits: LuaLimits(memory: 16 << 20)
        ).run()
        #expect(run.end?.status == .succeeded)
    }

    @Test func `long texts are cut`() throws {
        let run = try VirtualRun("log.info(('x'):rep(1000000)) error(('y'):rep(1000000), 0)").run()
        guard case .log(_, let text)? = run.events.first(where: { if case .log = $0 { true } else { false } }) else {
            Issue.record("nothing was logged")
            return
        }
        #expect(text.utf8.count < 70_000 && text.hasSuffix("bytes more)"))
        #expect(run.end?.error.map { $0.message.utf8.count < 70_000 } == true)
    }
}
