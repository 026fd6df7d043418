import LuaVM
import Testing

/// Where a script may wait, and what comes back.
@Suite struct WaitingTests {
    @Test(arguments: [
        ("plainly", "show(ask(1))"),
        ("in pcall", "show(select(2, pcall(ask, 1)))"),
        ("in nested pcall", "show(select(2, pcall(function() return select(2, pcall(ask, 1)) end)))"),
        ("in xpcall", "show(select(2, xpcall(ask, debug.traceback, 1)))"),
        ("in a metamethod", "show((setmetatable({}, { __index = function(_, k) return ask(k) end }))[1])"),
        ("in a for iterator", "for v in function(_, s) if not s then return ask(1) end end do show(v) end"),
        ("in a coroutine", "show(select(2, coroutine.resume(coroutine.create(ask), 1)))"),
        ("in wrap", "show(coroutine.wrap(ask)(1))"),
        (
            "in a coroutine in a coroutine",
            "show(coroutine.wrap(function() return coroutine.wrap(function() return (ask(1)) end)() end)())"
        ),
        ("in pcall in a coroutine", "show(select(2, coroutine.wrap(function() return pcall(ask, 1) end)()))"),
        (
            "in a close handler",
            "do local x <close> = setmetatable({}, { __close = function() show(ask(1)) end }) end"
        ),
    ])
    func `a host function waits`(place: String, text: String) throws {
        let script = try Script()
        try script.run(text)
        #expect(script.error == nil)
        #expect(script.shown == ["1"])
        #expect(script.requests.count == 1)
    }

    @Test(arguments: [
        ("table.sort", "table.sort({ 2, 1 }, function(a, b) ask(1) return a < b end)"),
        ("string.gsub", "string.gsub('x', 'x', function() ask(1) end)"),
        ("tostring", "tostring(setmetatable({}, { __tostring = function() ask(1) end }))"),
        (
            "a coroutine below table.sort",
            "table.sort({ 2, 1 }, function(a, b) coroutine.wrap(ask)(1) return a < b end)"
        ),
    ])
    func `where it cannot wait the error says why`(place: String, text: String) throws {
        let script = try Script()
        try script.run(text)
        #expect(script.error?.description.contains("cannot wait here") == true)
        #expect(script.requests.isEmpty)
    }

    @Test func `a script's own yields are left alone`() throws {
        let script = try Script()
        try script.run(
            """
            local co = coroutine.create(function(a)
              local b = coroutine.yield(ask(a))
              show(b, coroutine.isyieldable(), select(2, coroutine.running()))
              return ask(b)
            end)
            show(coroutine.resume(co, 1))
            show(coroutine.resume(co, 2))
            show(coroutine.status(co), coroutine.isyieldable(), select(2, coroutine.running()))
            """)
        #expect(script.shown == ["true 1", "2 true false", "true 2", "dead false true"])
    }

    @Test(arguments: [
        ("coroutine.wrap(function() error('no', 0) end)()", "no"),
        ("coroutine.wrap(function() ask() error({ code = 7 }) end)()", "7"),
        ("coroutine.wrap(function() local x <close> = close 'closing' error 'no' end)()", "closing"),
        ("error(select(2, coroutine.resume(coroutine.create(function() ask() error 'no' end))), 0)", "test.lua:4: no"),
    ])
    func `an error leaves a coroutine as it does in stock Lua`(text: String, message: String) throws {
        let script = try Script()
        try script.run(
            """
            function close(m) return setmetatable({}, { __close = function() error(m, 0) end }) end
            function try(f) local ok, e = pcall(f) show(type(e) == "table" and e.code or e) end
            try(function()
              \(text)
            end)
            """)
        #expect(script.error == nil)
        #expect(script.shown.count == 1)
        #expect(script.shown.first?.hasSuffix(message) == true, "\(script.shown)")
    }

    @Test func `yielding a task itself is an error`() throws {
        let script = try Script()
        try script.run("coroutine.yield(1)")
        #expect(script.error?.description == "test.lua:1: attempt to yield from outside a coroutine")
    }

    @Test func `a coroutine that waits for the host cannot be resumed or closed by others`() throws {
        let script = try Script()
        let vm = script.vm
        vm.spawn(
            try vm.load(
                "co = coroutine.create(function() return ask 'first' end) show(coroutine.resume(co))", name: "a"))
        var tokens: [LuaToken] = []
        while let event = vm.next() { if case .request(let request) = event { tokens.append(request.token) } }
        try script.run("show(coroutine.resume(co)) show(pcall(coroutine.close, co))")
        #expect(script.shown.allSatisfy { $0.hasPrefix("false cannot") })
        vm.resume(try #require(tokens.first), returning: ["answer"])
        while vm.next() != nil {}
        #expect(script.shown.last == "true answer")
    }

    @Test func `the thread of another task cannot be resumed or closed`() throws {
        let script = try Script()
        try script.run(
            """
            local main = coroutine.running()
            local function try()
              show(coroutine.resume(main, true, "forged"))
              show(pcall(coroutine.close, main))
              show(coroutine.status(main))
            end
            ask(try)
            show(coroutine.resume(main))
            show(coroutine.status(main))
            """
        ) { vm, request in
            if let function = request.arguments.first?.function { vm.spawn(function) }
            vm.resume(request.token, returning: ["real"])
        }
        #expect(script.error == nil)
        let refused = "false cannot resume non-suspended coroutine"
        #expect(script.shown.contains(refused))
        #expect(script.shown.filter { $0.hasPrefix("false") }.count == 3)
        #expect(script.shown.contains("running"))
    }

    @Test func `an error of a close handler takes the place of the first`() throws {
        let script = try Script()
        try script.run(
            "local x <close> = setmetatable({}, { __close = function() error('closing', 0) end }) error 'first'")
        #expect(script.error?.description == "closing")
    }

    @Test func `an error is raised where the script called, with its line`() throws {
        let script = try Script()
        try script.run("show(pcall(ask))\nask()") { vm, request in
            vm.resume(request.token, throwing: LuaError("no"))
        }
        #expect(script.shown == ["false no"])
        #expect(script.requests.map(\.location?.line) == [1, 2])
        #expect(script.error?.value.text == "no")
        #expect(script.error?.location == LuaLocation(source: "test.lua", line: 2))
        #expect(script.error?.traceback.contains("test.lua:2") == true)
    }

    @Test func `a token answers once`() throws {
        let script = try Script()
        try script.run("show(ask(1)) show(ask(2))") { vm, request in
            vm.resume(request.token, returning: request.arguments)
            vm.resume(request.token, returning: [.integer(99)])
        }
        #expect(script.shown == ["1", "2"])
    }

    @Test func `tasks run in the order they became ready`() throws {
        let script = try Script()
        let vm = script.vm
        for name in ["a", "b"] {
            vm.spawn(try vm.load("show('\(name)1') ask() show('\(name)2')", name: name))
        }
        var tokens: [LuaToken] = []
        while let event = vm.next() { if case .request(let request) = event { tokens.append(request.token) } }
        for token in tokens.reversed() { vm.resume(token, returning: []) }
        while vm.next() != nil {}
        #expect(script.shown == ["a1", "b1", "b2", "a2"])
    }

    @Test func `ten thousand tasks wait at the same time`() throws {
        let script = try Script()
        let vm = script.vm
        let function = try vm.load("return ask(...)", name: "many")
        for index in 0..<10_000 { vm.spawn(function, arguments: [.integer(Int64(index))]) }
        var requests: [LuaRequest] = []
        while let event = vm.next() { if case .request(let request) = event { requests.append(request) } }
        #expect(requests.count == 10_000)
        for request in requests { vm.resume(request.token, returning: request.arguments) }
        var sum: Int64 = 0
        while let event = vm.next() {
            if case .ended(_, .returned(let values)) = event, case .integer(let number)? = values.first {
                sum += number
            }
        }
        #expect(sum == 49_995_000)
    }
}
