import LuaVM
import Orchestration
import Testing

/// What has ended is let go of, and nothing shows that.
@Suite struct ReleaseTests {
    @Test(arguments: [
        "for i = 1, 100 do execute 'a' end",
        "for i = 1, 100 do wait(start 'a') collectgarbage() end",
        "for i = 1, 100 do wait(spawn(function() execute 'a' end)) collectgarbage() end",
        "for i = 1, 60 do parallel { 'a', function() execute 'b' end } end",
        "for i = 1, 60 do parallel_each({ 1, 2 }, function() execute 'a' end, { limit = 1 }) end",
        "for i = 1, 60 do parallel { chain { 'a', 'b' } } end",
        "for i = 1, 100 do timeout(100, execute, 'a') end",
        "for i = 1, 100 do pcall(execute, 'bad') end",
        "for i = 1, 100 do spawn(function() sleep(1) end) sleep(2) collectgarbage() end",
        "for i = 1, 100 do execute { 'a', check = function() return true end } end",
        "for i = 1, 100 do local ok, job = wait_any { start 'a', start 'b' } collectgarbage() sleep(2) end",
    ])
    func `a loop holds no more than it has open`(script: String) throws {
        let scenario = "workflows: { a: { duration: 1s }, b: { duration: 1s }, bad: { duration: 1s, outcome: FAILED } }"
        var most = 0
        let run = try VirtualRun(script, scenario: scenario).run {
            most = max(most, $0.keptNodes)
            return false
        }
        #expect(run.end?.status == .succeeded, "\(run.end?.error?.text ?? "")")
        #expect(most < 30, "\(most) nodes")
        // The log is the same to one that lets go of nothing.
        let keeping = try RunMachine(run.configuration, at: run.records[0].at)
        keeping.releasesEnded = false
        try keeping.replay(run.records)
        #expect(keeping.keptNodes > 90)
        let letting = try RunMachine(run.configuration, at: run.records[0].at)
        try letting.replay(run.records)
        #expect(letting.keptNodes < 30)
    }

    @Test func `what a script has a handle of is there as long as it has`() throws {
        let run = try VirtualRun(
            """
            local job, task = start 'a', spawn(function() return 7 end)
            wait(job)
            for i = 1, 200 do execute 'b' collectgarbage() end
            print(wait(job).state, wait(task), cancel(job), (state(job)).state or state(job))
            local bad = start 'bad'
            sleep(10)
            for i = 1, 100 do collectgarbage() sleep(1) end
            print(pcall(wait, bad))
            local jobs = { [job] = 'first' }
            print(jobs[job])
            """, scenario: "workflows: { a: {}, b: {}, bad: { outcome: FAILED, message: no } }"
        ).run()
        #expect(run.end?.status == .succeeded, "\(run.end?.error?.text ?? "")")
        #expect(run.output.first?.hasPrefix("COMPLETED\t7\tfalse") == true, "\(run.output)")
        #expect(run.output[1].contains("no"))
        #expect(run.output[2] == "first")
    }

    @Test func `failures that nobody took are told at the end, however long ago they were`() throws {
        let run = try VirtualRun(
            """
            spawn(function() error('lost', 0) end)
            for i = 1, 200 do execute 'a' collectgarbage() end
            """, scenario: "workflows: { a: {} }"
        ).run()
        #expect(run.end?.status == .failed)
        #expect(run.end?.error?.message == "lost")
    }

    @Test func `numbers of steps go on`() throws {
        let run = try VirtualRun("for i = 1, 50 do execute 'a' end", scenario: "workflows: { a: {} }").run()
        let numbers = run.events.compactMap { event -> Int? in
            guard case .step(let step) = event, case .starting = step.change else { return nil }
            return step.step.number
        }
        #expect(numbers == Array(1...50))
    }
}
