import LuaVM
import Orchestration
import Testing

/// `restart_with`: a run in parts.
@Suite struct RestartTests {
    private func part(_ run: VirtualRun) -> [Record] { Array(run.records.currentPart) }

    @Test func `the next part begins with the state, and nothing else of the one before`() throws {
        let run = try VirtualRun(
            """
            local state = restarted() or { n = 1, names = {} }
            print(state.n, kept, #state.names)
            kept = true
            execute { 'a', name = 'a' .. state.n }
            state.names[#state.names + 1] = 'a' .. state.n
            if state.n < 4 then restart_with { n = state.n + 1, names = state.names } end
            print(table.concat(state.names, ' '))
            """, scenario: "workflows: { a: { duration: 1s } }"
        ).run()
        #expect(run.end?.status == .succeeded, "\(run.end?.error?.text ?? "")")
        #expect(run.output == ["1\tnil\t0", "2\tnil\t1", "3\tnil\t2", "4\tnil\t3", "a1 a2 a3 a4"])
        #expect(run.started == ["a", "a", "a", "a"])
        #expect(run.records.map(\.sequence) == Array(1...run.records.count))
        let part = part(run)
        #expect(part.filter { $0.body.kind == "accepted" }.map(\.key) == ["@4/execute#1"])
        guard case .began(let beginning)? = part.first?.body else {
            Issue.record("the part does not begin")
            return
        }
        #expect(beginning.part.number == 4)
        // The part goes through its log like a run of its own.
        var configuration = run.configuration
        configuration.beginning = beginning
        var printed: [String] = []
        try RunMachine(configuration, at: part[0].at).replay(part) { event, _ in
            if case .print(let text) = event { printed.append(text) }
        }
        #expect(printed == ["4\tnil\t3", "a1 a2 a3 a4"])
    }

    @Test func `both records are in one commit`() throws {
        let run = try VirtualRun("if not restarted() then sleep(1) restart_with(1) end sleep(1)")
        var commits: [[String]] = []
        run.onCommit = { commits.append($0.records.map(\.body.kind)) }
        try run.run()
        #expect(run.end?.status == .succeeded)
        let cut = commits.first { $0.contains("restarted") } ?? []
        #expect(cut.contains("began"), "\(commits)")
    }

    @Test(arguments: [
        ("start 'long' restart_with(1)", "\"long\" has not ended"),
        ("spawn(function() sleep(100) end) restart_with(1)", "the task spawn#1 has not ended"),
        ("spawn(function() restart_with(1) end) sleep(1)", "in the script's own task"),
        ("timeout(10, function() restart_with(1) end)", "in the script's own task"),
        ("pcall(execute, { 'long', timeout = 1 }) restart_with(1)", "still runs"),
        ("chain { 'a' } restart_with(1)", "never run"),
        ("restart_with()", "a state was expected"),
        ("restart_with(json.null)", "a state was expected"),
        ("restart_with(function() end)", "restart_with: "),
        ("restart_with(('x'):rep(2000000))", "1048576 at most"),
    ])
    func `what cannot be handed over is an error, and nothing is`(script: String, message: String) throws {
        let run = try VirtualRun(
            "local ok, e = pcall(function() \(script) end) print(ok, e)",
            scenario: "workflows: { long: { duration: 1h }, a: {} }"
        ).run()
        #expect(
            run.output.first?.contains(message) == true || run.end?.error?.message.contains(message) == true,
            "\(run.output) \(run.end?.error?.message ?? "")")
        #expect(!run.records.contains { $0.body == .restarted })
    }

    @Test func `handlers run before the next part begins`() throws {
        let run = try VirtualRun(
            """
            if restarted() then print 'second' return end
            local kept <close> = setmetatable({}, { __close = function() sleep(1) print 'closed' end })
            pcall(restart_with, 1)
            """
        ).run()
        #expect(run.output == ["closed", "second"])
    }

    @Test func `a loop of parts holds what one part holds`() throws {
        var most = 0
        let run = try VirtualRun(
            """
            local n = restarted() or 1
            for i = 1, 10 do execute 'a' end
            if n < 20 then restart_with(n + 1) end
            """, scenario: "workflows: { a: { duration: 1s } }", logLimit: LogLimit(records: 200)
        ).run {
            most = max(most, $0.keptNodes)
            return false
        }
        #expect(run.end?.status == .succeeded, "\(run.end?.error?.text ?? "")")
        #expect(run.end?.warnings.isEmpty == true)
        #expect(run.started.count == 200)
        #expect(most < 10)
    }

    @Test func `parts that hand over at once do not pile up, and can be left`() throws {
        let run = try VirtualRun("local n = restarted() or 1 if n < 2000 then restart_with(n + 1) end print(n)")
        run.commitDelay = { _ in .milliseconds(1) }
        try run.run()
        #expect(run.end?.status == .succeeded)
        #expect(run.output == ["2000"])
        let endless = try VirtualRun("restart_with(1)")
        endless.commitDelay = { _ in .milliseconds(1) }
        try endless.run { $0.records.count > 1000 }
        endless.detach()
        endless.goOn()
        #expect(endless.end?.status == .detached)
    }

    @Test func `a run that is cancelled while it hands over is cancelled`() throws {
        let run = try VirtualRun(
            """
            local kept <close> = setmetatable({}, { __close = function() sleep(5) end })
            if not restarted() then restart_with(1) end
            print 'second'
            """)
        try run.run { $0.records.isEmpty == false }
        run.deliver(.cancelRun(by: "somebody"))
        run.goOn()
        #expect(run.end?.status == .cancelled)
        #expect(run.output.isEmpty)
    }
}
