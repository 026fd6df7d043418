import Foundation
import LuaVM
import Testing

/// Tasks below tasks.
@Suite struct TreeTests {
    /// A script with `parallel`, whose `ask` is answered in turn.
    private func run(_ text: String, answer: ((LuaVM, LuaRequest) -> Void)? = nil) throws -> Script {
        let script = try Script(waiting: ["ask", "parallel"])
        try script.run(text) { vm, request in
            if request.function == "parallel" {
                vm.resume(request.token, running: request.arguments.compactMap(\.function))
            } else if let answer {
                answer(vm, request)
            } else {
                vm.resume(request.token, returning: request.arguments)
            }
        }
        return script
    }

    @Test func `results come in order, with their number`() throws {
        let script = try run(
            """
            local r = parallel(function() return ask(1) end, function() end, function() return 3, 4 end)
            show(r.n, r[1], r[2], r[3])
            show(parallel().n)
            """)
        #expect(script.error == nil)
        #expect(script.shown == ["3 1 nil 3", "0"])
    }

    @Test func `tasks run at the same time`() throws {
        let script = try run(
            """
            local function twice(name) return function() show(name .. 1) ask() show(name .. 2) end end
            parallel(twice 'a', twice 'b')
            """)
        #expect(script.shown == ["a1", "b1", "a2", "b2"])
    }

    @Test func `an error stops the others and goes up, with both stacks`() throws {
        let script = try run(
            """
            local function inner() error 'no' end
            local function outer()
              parallel(function() ask() inner() end, function()
                local x <close> = setmetatable({}, { __close = function() show 'closed' end })
                while true do pcall(ask) end
              end)
            end
            outer()
            """)
        let error = try #require(script.error)
        #expect(error.description == "test.lua:1: no")
        #expect(error.location == LuaLocation(source: "test.lua", line: 1))
        #expect(script.shown == ["closed"])
        let inner = try #require(error.traceback.range(of: "in upvalue 'inner'"))
        let outer = try #require(error.traceback.range(of: "in local 'outer'"))
        #expect(inner.lowerBound < outer.lowerBound)
        #expect(error.traceback.components(separatedBy: "stack traceback:").count == 2)
    }

    @Test func `a script can catch the error of a task`() throws {
        let script = try run(
            "show(pcall(parallel, function() error({}) end)) show(pcall(parallel, function() error('x', 0) end))")
        #expect(script.shown == ["false table", "false x"])
    }

    @Test func `a limit of a task is that of all`() throws {
        let script = try Script(
            waiting: ["ask", "parallel"], limits: LuaLimits(time: .milliseconds(10), grace: .milliseconds(10)))
        try script.run(
            """
            pcall(parallel, function() while true do end end, ask)
            show 'never'
            """
        ) { vm, request in
            if request.function == "parallel" {
                vm.resume(request.token, running: request.arguments.compactMap(\.function))
            }
        }
        #expect(script.limit == .time)
        #expect(script.shown.isEmpty)
    }

    @Test func `the coroutine that failed is in the traceback`() throws {
        let script = try run(
            """
            local function inside() ask() error 'no' end
            local co = coroutine.wrap(function() inside() end)
            local function outside() co() end
            outside()
            """)
        let traceback = try #require(script.error?.traceback)
        let inner = try #require(traceback.range(of: "'inside'"))
        let outer = try #require(traceback.range(of: "'outside'"))
        #expect(inner.lowerBound < outer.lowerBound)
        #expect(script.error?.location?.line == 1)
    }

    @Test func `tables as errors have a traceback too`() throws {
        let script = try run("local function deep() error({ code = 1 }) end deep()")
        #expect(script.error?.traceback.contains("'deep'") == true)
        #expect(script.error?.location?.line == 1)
    }

    @Test func `stopping a task stops what is below, innermost first`() throws {
        let script = try run(
            """
            local function noted(name, f)
              return function()
                local x <close> = setmetatable({}, { __close = function() show(name) end })
                f()
              end
            end
            noted("outer", function()
              parallel(noted("a", ask), noted("b", function() parallel(noted("c", ask)) end))
            end)()
            """
        ) { vm, request in
            // Two wait: the whole is stopped by its root when the second one asks.
            if vm.path(of: request.token.task) == [2, 1] { vm.stop(vm.root(of: request.token.task)) }
        }
        guard case .stopped = script.outcome else {
            Issue.record("\(String(describing: script.outcome))")
            return
        }
        #expect(script.shown.sorted() == ["a", "b", "c", "outer"])
        #expect(script.shown.last == "outer")
        let (b, c) = (try #require(script.shown.firstIndex(of: "b")), try #require(script.shown.firstIndex(of: "c")))
        #expect(c < b)
    }

    @Test func `a task ends no earlier than what is below it`() throws {
        let script = try Script()
        let vm = script.vm
        let parent = vm.spawn(try vm.load("show 'parent'", name: "parent"))
        let child = vm.spawn(try vm.load("ask() show 'child'", name: "child"), parent: parent)
        #expect(vm.path(of: child) == [1])
        var order: [LuaTaskID] = []
        while let event = vm.next() {
            switch event {
            case .request(let request): vm.resume(request.token, returning: [])
            case .ended(let task, _): order.append(task)
            case .interrupted: break
            }
        }
        #expect(order == [child, parent])
        #expect(script.shown == ["parent", "child"])
    }

    // MARK: Grace

    private static let waitsInHandler = """
        local outer <close> = setmetatable({}, { __close = function() show('outer', ask 'outer') end })
        local inner <close> = setmetatable({}, { __close = function()
          show('inner', pcall(ask, 'inner'))
          show(pcall(error, 'x'))
        end })
        ask 'body'
        show 'never'
        """

    @Test func `handlers may wait during the grace`() throws {
        let script = try Script()
        var stopping: [Bool] = []
        let outcome = try script.run(Self.waitsInHandler) { vm, request in
            stopping.append(request.isStopping)
            if request.argument(0).text == "body" {
                vm.stop(request.token.task, grace: true)
            } else {
                vm.resume(request.token, returning: [true])
            }
        }
        guard case .stopped = outcome else {
            Issue.record("\(String(describing: outcome))")
            return
        }
        #expect(script.shown == ["inner true true", "false x", "outer true"])
        #expect(stopping == [false, true, true])
    }

    @Test func `the grace can end`() throws {
        let script = try Script()
        let outcome = try script.run(Self.waitsInHandler) { vm, request in
            vm.stop(request.token.task, grace: request.argument(0).text == "body")
        }
        guard case .stopped = outcome else {
            Issue.record("\(String(describing: outcome))")
            return
        }
        // Stopped in its wait, the inner handler does not go on; nor can the outer one wait.
        #expect(script.shown.isEmpty)
    }

    @Test func `what is abandoned never runs again`() throws {
        let script = try Script()
        var token: LuaToken?
        let outcome = try script.run(Self.waitsInHandler) { vm, request in
            token = request.token
            vm.abandon(request.token.task)
        }
        guard case .stopped = outcome else {
            Issue.record("\(String(describing: outcome))")
            return
        }
        script.vm.resume(try #require(token), returning: [])
        if let event = script.vm.next() { Issue.record("\(event)") }
        #expect(script.shown.isEmpty)
    }

    @Test func `an error of a handler does not turn a stop into an error`() throws {
        let script = try Script()
        let outcome = try script.run(
            """
            pcall(function()
              local x <close> = setmetatable({}, { __close = function() error 'handler' end })
              ask()
            end)
            show 'never'
            """
        ) { vm, request in vm.stop(request.token.task) }
        guard case .stopped = outcome else {
            Issue.record("\(String(describing: outcome))")
            return
        }
        #expect(script.shown.isEmpty)
    }

    // MARK: Threads

    @Test func `a thread that a script knows is not used again`() throws {
        let script = try Script()
        try script.run("known = coroutine.running()")
        try script.run("show(coroutine.running() == known, coroutine.status(known))")
        #expect(script.shown == ["false dead"])
    }

    @Test func `threads of tasks that ended are used again`() throws {
        let script = try Script()
        let vm = script.vm
        let function = try vm.load("local t = ... return t", name: "a")
        func thousand() {
            for _ in 0..<1000 {
                vm.spawn(function, arguments: [.integer(1)])
                while vm.next() != nil {}
            }
        }
        thousand()
        try script.run("collectgarbage()")
        let before = vm.memory
        thousand()
        // A thread takes a kilobyte: a thousand new ones would show.
        #expect(vm.memory - before < 100_000)
    }
}
