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

    @Test func `a host function can stop or abandon the task that calls it`() throws {
        for abandons in [false, true] {
            let script = try Script()
            let vm = script.vm
            var task: LuaTaskID?
            vm.register("leave") { _ -> LuaValue in
                if let task { abandons ? vm.abandon(task) : vm.stop(task) }
                return .nil
            }
            let main = vm.spawn(try vm.load("leave() ask() show 'never'", name: "test.lua"))
            task = main
            var ends = 0
            while let event = vm.next() {
                switch event {
                case .ended(main, .stopped): ends += 1
                default: Issue.record("\(event)")
                }
            }
            #expect(ends == 1)
            #expect(script.shown.isEmpty)
            try script.run("show 'next'")
            #expect(script.shown == ["next"])
        }
    }

    @Test func `a pcall that a handler of one task entered lets the stop of another through`() throws {
        let script = try Script()
        let vm = script.vm
        vm.spawn(
            try vm.load(
                """
                local x <close> = setmetatable({}, { __close = function()
                  co = coroutine.wrap(function() pcall(function() coroutine.yield() ask 'inside' end) show 'never' end)
                  co()
                end })
                ask 'first'
                """, name: "a"))
        guard case .request(let first)? = vm.next() else { return }
        vm.stop(first.token.task)
        while vm.next() != nil {}
        vm.spawn(try vm.load("co() show 'never'", name: "b"))
        guard case .request(let second)? = vm.next() else { return }
        vm.stop(second.token.task)
        guard case .ended(_, .stopped)? = vm.next() else {
            Issue.record("not stopped")
            return
        }
        #expect(script.shown.isEmpty)
    }

    @Test func `children are told before their parents, however many there are`() throws {
        let script = try Script()
        let vm = script.vm
        let function = try vm.load("", name: "a")
        var parent: LuaTaskID?
        for _ in 0..<100_000 { parent = vm.spawn(function, parent: parent) }
        var last: LuaTaskID?
        var count = 0
        while let event = vm.next() {
            guard case .ended(let task, _) = event else { continue }
            count += 1
            if let last { #expect(task < last) }
            last = task
        }
        #expect(count == 100_000)
    }
}
