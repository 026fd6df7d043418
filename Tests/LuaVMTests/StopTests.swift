import LuaVM
import Testing

/// Stopping: nothing in a script holds it.
@Suite struct StopTests {
    /// Runs a chunk to its first request, stops its task, and gives how it ended.
    private func stop(_ text: String) throws -> (LuaOutcome?, [String]) {
        let script = try Script()
        let outcome = try script.run(text) { vm, request in vm.stop(request.token.task) }
        return (outcome, script.shown)
    }

    @Test(arguments: [
        "ask() show 'never'",
        "pcall(ask) show 'never'",
        "while true do pcall(ask) show 'never' end",
        "xpcall(ask, function(e) show 'never' return e end) show 'never'",
        "coroutine.resume(coroutine.create(ask)) show 'never'",
        "pcall(coroutine.wrap(function() pcall(ask) show 'never' end)) show 'never'",
        "pcall(pcall, pcall, pcall, ask) show 'never'",
    ])
    func `a stop passes through everything`(text: String) throws {
        let (outcome, shown) = try stop(text)
        guard case .stopped = outcome else {
            Issue.record("ended as \(String(describing: outcome))")
            return
        }
        #expect(shown.isEmpty)
    }

    @Test func `close handlers run, and what would wait in them is stopped too`() throws {
        let (outcome, shown) = try stop(
            """
            local outer <close> = setmetatable({}, { __close = function() show 'outer' end })
            local inner <close> = setmetatable({}, { __close = function() show 'inner' ask() show 'never' end })
            ask()
            """)
        guard case .stopped = outcome else {
            Issue.record("ended as \(String(describing: outcome))")
            return
        }
        #expect(shown == ["inner", "outer"])
    }

    @Test func `a task that has not begun never does`() throws {
        let script = try Script()
        let task = script.vm.spawn(try script.vm.load("show 'never'", name: "a"))
        script.vm.stop(task)
        guard case .ended(task, .stopped)? = script.vm.next() else {
            Issue.record("not stopped")
            return
        }
        #expect(script.shown.isEmpty)
    }

    @Test func `a host function can stop its caller`() throws {
        let script = try Script()
        script.vm.register("leave") { _ -> [LuaValue] in throw LuaStop() }
        guard case .stopped = try script.run("pcall(leave) show 'never'") else {
            Issue.record("not stopped")
            return
        }
        #expect(script.shown.isEmpty)
    }

    @Test func `other tasks go on`() throws {
        let script = try Script()
        let other = try script.vm.load("ask() show 'other'", name: "b")
        script.vm.spawn(other)
        var stopped = false
        try script.run("ask() show 'never'") { vm, request in
            if request.location?.source == "b" {
                vm.resume(request.token, returning: [])
            } else if !stopped {
                stopped = true
                vm.stop(request.token.task)
            }
        }
        #expect(script.shown == ["other"])
    }
}
