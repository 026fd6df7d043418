import DataStudio
import Orchestration
import Testing

/// The log of a run: its order, its keys.
@Suite struct RecordTests {
    @Test func `an intent is recorded before its request leaves, and numbers have no gaps`() throws {
        let run = try VirtualRun(#"parallel { "a", "b" }"#).run()
        let intent = try #require(run.trace.firstIndex(of: "intent parallel#1[1]/execute#1"))
        let send = try #require(run.trace.firstIndex(of: "send a"))
        #expect(intent < send)
        #expect(run.records.map(\.sequence) == Array(1...run.records.count))
        #expect(run.records.first?.body.kind == "began")
        #expect(run.records.last?.body.kind == "ended")
    }

    @Test func `keys are task path, function and occurrence, so that branches do not disturb each other`() throws {
        let run = try VirtualRun(
            """
            execute "a"
            parallel {
              function() execute "b" execute "c" end,
              chain { "d", "e" },
              "f",
            }
            execute "a"
            timeout(60, function() sleep(1) end)
            """
        ).run()
        let keys = run.records.filter { $0.body.kind == "intent" }.map(\.key)
        #expect(
            Set(keys) == [
                "execute#1", "execute#2", "parallel#1[1]/execute#1", "parallel#1[1]/execute#2",
                "parallel#1[2][1]/execute#1", "parallel#1[2][2]/execute#1", "parallel#1[3]/execute#1",
            ])
        #expect(run.records.contains { $0.key == "timeout#1/sleep#1" && $0.body.kind == "fired" })
    }

    @Test func `every step has intent, accepted and settled in this order`() throws {
        let run = try VirtualRun(#"execute "a""#).run()
        #expect(run.records.map { $0.body.kind } == ["began", "intent", "accepted", "settled", "ended"])
    }

    @Test func `time stands still within a turn`() throws {
        let run = try VirtualRun(
            """
            local t = now()
            for i = 1, 1000 do assert(now() == t and os.time() == t) end
            sleep(90)
            print(now() - t, os.clock(), os.date("!%H:%M", 0))
            """
        ).run()
        #expect(run.output == ["90\t90.0\t00:00"])
    }

    @Test func `the same seed gives the same random numbers`() throws {
        let script = "print(math.random(1000000), math.random(1000000))"
        #expect(try VirtualRun(script).run().output == VirtualRun(script).run().output)
    }

    @Test func `detaching leaves the script where it is and names the jobs`() throws {
        let run = try VirtualRun(
            """
            local guard <close> = setmetatable({}, { __close = function() print "closed" end })
            execute "a"
            """)
        try run.run { $0.trace.contains { $0.hasPrefix("accepted") } }
        run.detach()
        #expect(run.end?.status == .detached)
        #expect(run.end?.running.map(\.label) == ["a"])
        #expect(run.output.isEmpty)
    }

    @Test func `phases name steps`() throws {
        let run = try VirtualRun(
            """
            phase "load"
            execute "a"
            phase("match", function() execute "b" end)
            execute "c"
            """
        ).run()
        var phases: [String: String?] = [:]
        for case .step(let event) in run.events { phases[event.step.label] = event.step.phase }
        #expect(phases == ["a": "load", "b": "match", "c": "load"])
    }
}
