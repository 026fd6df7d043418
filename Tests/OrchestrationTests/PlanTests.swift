import DataStudio
import Orchestration
import SimulatedStudio
import Testing

/// The plan every user starts from, and its parts.
@Suite struct PlanTests {
    @Test func `the seven-workflow plan runs in four phases`() throws {
        let run = try VirtualRun(
            """
            execute "wf1"
            parallel { "wf2", "wf3", "wf4" }
            parallel { "wf5", "wf6" }
            execute "wf7"
            """,
            scenario: """
                workflows:
                  wf1: { duration: 2s }
                  wf2: { duration: 3s }
                  wf3: { duration: 1s }
                  wf4: { duration: 2s }
                  wf5: { duration: 1s }
                  wf6: { duration: 4s }
                  wf7: { duration: 1s }
                """
        ).run()
        #expect(run.end?.status == .succeeded)
        #expect(run.started == ["wf1", "wf2", "wf3", "wf4", "wf5", "wf6", "wf7"])
        let spans = try ["wf1", "wf2", "wf3", "wf4", "wf5", "wf6", "wf7"].map { try #require(run.span($0)) }
        let latestStart = try #require(spans[1...3].map(\.from).max())
        let earliestEnd = try #require(spans[1...3].map(\.to).min())
        #expect(latestStart < earliestEnd, "wf2, wf3 and wf4 overlap")
        #expect(spans[1...3].allSatisfy { $0.from >= spans[0].to }, "after wf1")
        #expect(spans[4...5].allSatisfy { $0.from >= spans[1].to }, "after the slowest of the three")
        #expect(spans[6].from >= spans[5].to, "wf7 comes last")
        #expect(run.duration < 12)
    }

    @Test func `a failed job lets the others end, starts nothing more and is the run's error`() throws {
        let run = try VirtualRun(
            """
            parallel { "a", "bad", "c" }
            execute "next"
            """,
            scenario: """
                others: { duration: 3s }
                workflows:
                  bad: { duration: 1s, outcome: FAILED, message: Row 17 has no key }
                """
        ).run()
        #expect(run.end?.status == .failed)
        #expect(run.started == ["a", "bad", "c"])
        #expect(run.duration >= 3)
        let error = try #require(run.end?.error)
        #expect(error.kind == .failed)
        #expect(error.location == "test.lua:1")
        #expect(error.causes.map(\.label) == ["bad"])
        #expect(error.message.contains("1 of 3 failed"))
        #expect(error.message.contains("Row 17 has no key"))
        #expect(run.end?.running.isEmpty == true)
    }

    @Test func `an error that was caught counts for nothing`() throws {
        let run = try VirtualRun(
            """
            local ok, e = pcall(execute, "bad")
            print(ok, e.kind, e.state, e.label, e.running, e.where)
            print(e.result.state, e)
            """,
            scenario: "workflows: { bad: { duration: 1s, outcome: FAILED, message: no } }"
        ).run()
        #expect(run.end?.status == .succeeded)
        #expect(run.output[0] == "false\tfailed\tFAILED\tbad\tfalse\ttest.lua:1")
        #expect(run.output[1] == "FAILED\ttest.lua:1: bad: the job FAILED: no")
    }

    @Test func `a limit bounds how many run at the same time, in order`() throws {
        let run = try VirtualRun(#"parallel { "a", "b", "c", "d", limit = 2 }"#).run()
        #expect(run.started == ["a", "b", "c", "d"])
        let c = try #require(run.span("c"))
        #expect(c.from >= 1)
        #expect((2.0...2.6).contains(run.duration))
    }

    @Test func `a failure leaves what has not begun unbegun, and names it`() throws {
        let run = try VirtualRun(
            #"parallel { "bad", { "b", name = "second" }, limit = 1 }"#,
            scenario: "workflows: { bad: { outcome: FAILED }, b: {} }"
        ).run()
        #expect(run.started == ["bad"])
        #expect(run.end?.notStarted == ["second"])
    }

    @Test func `on_failure collect runs everything and raises nothing`() throws {
        let run = try VirtualRun(
            """
            local r = parallel { "a", "bad", false, function() return 7 end, limit = 1, on_failure = "collect" }
            print(r.n, r[1].ok, r[2].ok, r[2].error.kind, r[3].value, r[4].value, #r.failed, r.failed[1].name)
            """,
            scenario: "workflows: { bad: { outcome: FAILED }, a: {} }"
        ).run()
        #expect(run.end?.status == .succeeded)
        #expect(run.output == ["4\ttrue\tfalse\tfailed\tfalse\t7\t1\tbad"])
    }

    @Test(arguments: [
        #"parallel { "a", "bad", chain { "worse", "never" }, "b", limit = 1, on_failure = "continue" }"#,
        #"""
        defaults { on_failure = "continue" }
        parallel { "a", "bad", chain { "worse", "never" }, "b", limit = 1 }
        """#,
        #"""
        defaults { on_failure = "continue" }
        parallel_each({ "a", "bad", "worse", "b" }, function(label) execute(label) end, { limit = 1 })
        """#,
        #"""
        defaults { on_failure = "continue" }
        wait(spawn(function() parallel { "a", "bad", "worse", "b", limit = 1 } end))
        """#,
        #"wait(chain { "a", "bad", "worse", "b", on_failure = "continue" })"#,
    ])
    func `on_failure continue runs all other items, then raises one error`(script: String) throws {
        let run = try VirtualRun(
            script, scenario: "{ workflows: { bad: { outcome: FAILED }, worse: { outcome: CANCELLED } }, others: {} }"
        ).run()
        #expect(run.started == ["a", "bad", "worse", "b"])
        #expect(run.end?.status == .failed)
        #expect(run.end?.error?.roots.map(\.label) == ["bad", "worse"])
    }

    @Test(arguments: ["finish", "cancel", "collect"])
    func `what a list says comes before what is usual`(policy: String) throws {
        let run = try VirtualRun(
            """
            defaults { on_failure = "continue" }
            parallel { "bad", "a", limit = 1, on_failure = "\(policy)" }
            """, scenario: "workflows: { bad: { outcome: FAILED }, a: {} }"
        ).run()
        #expect(run.started == (policy == "collect" ? ["bad", "a"] : ["bad"]))
    }

    @Test func `a chain stops at its first failure, whatever is usual for lists`() throws {
        let run = try VirtualRun(
            """
            defaults { on_failure = "continue" }
            wait(chain { "bad", "a" })
            """, scenario: "workflows: { bad: { outcome: FAILED }, a: {} }"
        ).run()
        #expect(run.started == ["bad"])
    }

    @Test func `finish ends a list that goes on`() throws {
        let run = try VirtualRun(
            """
            parallel { "a", function() finish() end, "b", limit = 1, on_failure = "continue" }
            """, scenario: "workflows: { a: {}, b: {} }"
        ).run()
        #expect(run.started == ["a"] && run.end?.status == .succeeded)
    }

    @Test func `on_failure cancel cancels the others' jobs on the server`() throws {
        let run = try VirtualRun(
            #"parallel { "bad", "long", on_failure = "cancel" }"#,
            scenario: """
                operations: [cancelJob]
                workflows: { bad: { duration: 1s, outcome: FAILED }, long: { duration: 1h } }
                """
        ).run()
        #expect(run.end?.status == .failed)
        #expect(run.end?.error?.causes.map(\.label) == ["bad"])
        #expect(run.duration < 2)
        #expect(run.studio.jobs(at: run.now).first { $0.label == "long" }?.state == .cancelled)
    }

    @Test func `where the server cannot cancel, the job is left running and told`() throws {
        let run = try VirtualRun(
            #"parallel { "bad", "long", on_failure = "cancel" }"#,
            scenario: "workflows: { bad: { duration: 1s, outcome: FAILED }, long: { duration: 1h } }"
        ).run()
        #expect(run.duration < 2)
        #expect(run.end?.running.map(\.label) == ["long"])
        #expect(run.end?.warnings.contains { $0.contains("could not be cancelled") } == true)
    }

    @Test func `chains run side by side, each in its order`() throws {
        let run = try VirtualRun(
            """
            local r = parallel { chain { "a1", "a2" }, chain { "b1", "b2" } }
            print(r[1][2].label, r[2].n)
            """
        ).run()
        #expect(run.end?.status == .succeeded)
        #expect(Set(run.started.prefix(2)) == ["a1", "b1"])
        #expect(Set(run.started.suffix(2)) == ["a2", "b2"])
        #expect(run.output == ["a2\t2"])
        #expect(run.duration < 2.6)
    }

    @Test func `a chain that nobody runs is an error, not silence`() throws {
        let run = try VirtualRun(#"local c = chain { "a" }"#).run()
        #expect(run.end?.status == .failed)
        #expect(run.end?.error?.message.contains("never run") == true)
        #expect(run.started.isEmpty)
    }

    @Test func `parallel_each gives every value and its index`() throws {
        let run = try VirtualRun(
            """
            local r = parallel_each({ "x", "y" }, function(v, i) execute(v) return v .. i end, { limit = 1 })
            print(r[1], r[2], r.n)
            """
        ).run()
        #expect(run.output == ["x1\ty2\t2"])
        #expect(run.started == ["x", "y"])
    }
}
