import LuaVM
import Testing

/// Scripts that would never end, and scripts that would take all memory.
@Suite struct LimitTests {
    static let endless = HostileScripts.named("endless")

    private func limited() throws -> Script {
        try Script(limits: LuaLimits(time: .milliseconds(15), grace: .milliseconds(15)))
    }

    @Test func `there are scripts to stop`() {
        #expect(Self.endless.count >= 31)
        #expect(Self.bombs.count >= 17)
    }

    @Test(arguments: endless.keys.sorted())
    func `what never ends is stopped`(hole: String) throws {
        let text = try #require(Self.endless[hole])
        for body in [
            text,
            "coroutine.wrap(function() \(text) end)()",
            "local f = function() \(text) end for _ = 1, 50 do local g = f f = function() pcall(g) end end f()",
        ] {
            let script = try limited()
            try script.run("\(body) show 'never'")
            #expect(script.limit == .time, "\(body): \(String(describing: script.outcome))")
            #expect(script.shown.isEmpty)
            let message = script.error?.description ?? ""
            #expect(message.contains("without waiting"), "\(message)")
            #expect(script.error?.location?.source == "test.lua", "\(message)")
            // The VM is as good as before.
            try script.run("show(1 + 1)")
            #expect(script.shown == ["2"])
        }
    }

    @Test func `a hundred thousand nested pcalls are left, not unwound`() throws {
        let script = try limited()
        try script.run(
            """
            local depth = 0
            local function nest()
              depth = depth + 1
              if depth % 150 == 0 then coroutine.yield() end
              if depth > 100000 then while true do end end
              return pcall(nest)
            end
            local co = coroutine.wrap(nest)
            while true do co() end
            """)
        #expect(script.limit == .time)
    }

    @Test func `handlers run when the time is over, and have the grace`() throws {
        let script = try limited()
        try script.run(
            """
            local a <close> = setmetatable({}, { __close = function() show 'a' end })
            local b <close> = setmetatable({}, { __close = function() show(pcall(error, 'x')) end })
            local c <close> = setmetatable({}, { __close = function() show 'c' while true do end end })
            local d <close> = setmetatable({}, { __close = function() show 'd' end })
            while true do end
            """)
        #expect(script.limit == .time)
        // The grace is for all of them: what does not come back is left, with what lies below it.
        #expect(script.shown == ["d", "c"])
        try script.run(
            """
            local a <close> = setmetatable({}, { __close = function() show 'a' end })
            local b <close> = setmetatable({}, { __close = function() show(pcall(error, 'x')) end })
            while true do end
            """)
        #expect(script.shown == ["d", "c", "false x", "a"])
    }

    @Test func `descriptions inside descriptions are stopped too`() throws {
        let script = try limited()
        script.vm.register("describe") { call in .string(script.vm.description(of: call.argument(0))) }
        try script.run(
            """
            local inner = setmetatable({}, { __tostring = function() while true do end end })
            error(setmetatable({}, { __tostring = function() return describe(inner) end }))
            """)
        #expect(script.error?.value.tableReference != nil)
    }

    @Test func `handlers run below a function that cannot yield`() throws {
        let script = try limited()
        try script.run(
            """
            local x <close> = setmetatable({}, { __close = function() show 'outer' end })
            local t = setmetatable({}, { __index = function()
              local y <close> = setmetatable({}, { __close = function() show 'inner' end })
              return coroutine.wrap(function() while true do end end)()
            end })
            table.concat(t, '', 1, 5)
            """)
        #expect(script.limit == .time)
        #expect(script.shown == ["inner", "outer"])
    }

    @Test func `closing a coroutine where nothing fits on the stack any more is an error`() throws {
        let script = try limited()
        try script.run(
            """
            local co = coroutine.create(function()
              local x <close> = setmetatable({}, { __close = function() while true do end end })
              coroutine.yield()
            end)
            coroutine.resume(co)
            local t = setmetatable({}, { __index = function(t, k) return t[k + 1] end })
            show(xpcall(function() return t[1] end, function() coroutine.close(co) end))
            """)
        #expect(script.shown.first?.hasPrefix("false") == true || script.limit == .time)
    }

    @Test func `two hundred thousand texts in one call are no matter`() throws {
        let script = try Script()
        try script.run(
            """
            local o, t = setmetatable({}, { __tostring = function() return 'o' end }), {}
            for i = 1, 200000 do t[i] = o end
            show(#string.format(('%s'):rep(200000), table.unpack(t)))
            print(table.unpack(t))
            """)
        #expect(script.shown.first == "200000")
        #expect(script.shown.last?.count == 399_999)
    }

    @Test func `what cannot be kept for the host is a memory error, not a part`() throws {
        let script = try Script(limits: LuaLimits(time: .seconds(20), memory: 2200 << 10))
        try script.vm.openJSON()
        try script.run("local s, t = { { { 1 } } }, {} for i = 1, 1 << 16 do t[i] = s end show(#json.encode(t))")
        #expect(script.limit == .memory || script.shown == ["\((1 << 16) * 8 + 1)"])
    }

    @Test func `what takes long in many turns is no limit`() throws {
        let script = try limited()
        try script.run("for i = 1, 300 do for j = 1, 10000 do end ask() end show 'done'")
        #expect(script.shown == ["done"])
    }

    @Test func `a description that never ends is passed over`() throws {
        let script = try limited()
        var description = ""
        try script.run("ask(setmetatable({}, { __tostring = function() while true do end end }))") { vm, request in
            description = vm.description(of: request.argument(0))
            vm.resume(request.token, returning: [])
        }
        #expect(description == "table")
        script.vm.register("describe") { call in .string(script.vm.description(of: call.argument(0))) }
        try script.run("show(describe(setmetatable({}, { __tostring = function() while true do end end })))")
        #expect(script.shown == ["table"])
    }

    @Test func `waiting without end while time stands still is a limit`() throws {
        let script = try Script(limits: LuaLimits(waits: 1000))
        try script.run("while true do pcall(ask) end")
        #expect(script.limit == .waits)
        #expect(script.requests.count == 1000)
        try script.run("for i = 1, 3000 do ask() end show 'done'") { vm, request in
            vm.timeHasMoved()
            vm.resume(request.token, returning: [])
        }
        #expect(script.shown == ["done"])
    }

    // MARK: Memory

    static let bombs = HostileScripts.named("bombs")

    @Test(arguments: bombs.keys.sorted())
    func `what takes all memory is stopped`(bomb: String) throws {
        let script = try Script(limits: LuaLimits(time: .seconds(20), memory: 16 << 20))
        script.vm.register("double") { call in .string(String(repeating: call.argument(0).text ?? "", count: 2)) }
        try script.run("\(try #require(Self.bombs[bomb])) show 'never'")
        if bomb == "varargs" {
            #expect(script.error?.description.contains("stack overflow") == true || script.limit == .memory)
        } else {
            #expect(script.limit == .memory, "\(String(describing: script.outcome))")
            #expect(script.error?.description.hasSuffix("not enough memory") == true)
        }
        #expect(script.shown.isEmpty)
        if bomb == "globals" { return }  // they are still there
        try script.run("show(#('x'):rep(1 << 20))")
        #expect(script.shown == ["1048576"])
        #expect(script.vm.memory < 16 << 20)
    }

    @Test func `a script can catch that there is no memory, and go on`() throws {
        let script = try Script(limits: LuaLimits(memory: 8 << 20))
        try script.run("show(pcall(string.rep, 'x', 1 << 30)) show(ask(1))")
        #expect(script.shown == ["false not enough memory", "1"])
        #expect(script.error == nil)
    }

    @Test func `what the host holds for a script counts`() throws {
        let script = try Script(limits: LuaLimits(memory: 16 << 20))
        let text = "local s = ('x'):rep(3 << 20) ask(s) s = nil"
        let vm = script.vm
        // Tasks that wait with an argument of 3 MB each, which Swift copies.
        let function = try vm.load(text, name: "test.lua")
        for _ in 0..<10 { vm.spawn(function) }
        var waiting: [LuaRequest] = []
        var refused = 0
        while let event = vm.next() {
            switch event {
            case .request(let request): waiting.append(request)
            case .ended(_, .exceeded(.memory, _)): refused += 1
            default: Issue.record("\(event)")
            }
        }
        #expect(waiting.count >= 2 && waiting.count <= 3)
        #expect(refused == 10 - waiting.count)
        for request in waiting { vm.resume(request.token, returning: []) }
        while vm.next() != nil {}
        vm.spawn(function)
        guard case .request? = vm.next() else {
            Issue.record("what was answered still counts")
            return
        }
    }

    // MARK: The process

    @Test func `a process whose VM reacts to nothing ends and says so`() async throws {
        let result = await #expect(processExitsWith: .exitCode(70), observing: [\.standardErrorContent]) {
            let limits = LuaLimits(time: .milliseconds(10), grace: .milliseconds(10), patience: .milliseconds(10))
            let vm = try LuaVM(limits: limits)
            vm.register("hang") { _ -> LuaValue in
                var value = 1
                while value != 0 { value = value &* 3 }
                return .nil
            }
            vm.spawn(try vm.load("hang()", name: "test.lua"))
            _ = vm.next()
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains("does not react to being stopped"))
    }

    @Test func `a host function cannot run its VM`() async {
        await #expect(processExitsWith: .failure) {
            let vm = try LuaVM()
            vm.register("again") { _ -> LuaValue in
                _ = vm.next()
                return .nil
            }
            vm.spawn(try vm.load("again()", name: "test.lua"))
            _ = vm.next()
        }
    }

    @Test func `deep recursion is an error`() throws {
        let script = try Script()
        try script.run("local function f() return 1 + f() end show(select(2, pcall(f)):match('stack overflow'))")
        #expect(script.shown == ["stack overflow"])
    }
}
