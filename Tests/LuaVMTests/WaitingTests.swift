import LuaVM
import Testing

/// Where a script may wait, and what comes back.
@Suite struct WaitingTests {
    /// What the function that waits is called from, around `ask(1)`.
    private static let places = [
        "pcall": "select(2, pcall(ask, 1))",
        "xpcall": "select(2, xpcall(ask, print, 1))",
        "nested pcall": "select(2, pcall(function() return select(2, pcall(ask, 1)) end))",
        "tostring": "tostring(setmetatable({}, { __tostring = function() return ask('1') end }))",
        "string.format": "string.format('%s', setmetatable({}, { __tostring = function() return ask('1') end }))",
        "string.gsub": "(string.gsub('x', 'x', function() return ask('1') end))",
        "string.gsub with __index":
            "(string.gsub('x', 'x', setmetatable({}, { __index = function() return ask('1') end })))",
        "table.sort": """
        (function() local t = { 2, 1 } table.sort(t, function(a, b) ask() return a < b end) return t[1] end)()
        """,
        "__lt in table.sort": """
        (function()
          local m = { __lt = function(a, b) ask() return a[1] < b[1] end }
          local t = { setmetatable({ 2 }, m), setmetatable({ 1 }, m) }
          table.sort(t)
          return t[1][1]
        end)()
        """,
        "load": """
        (function()
          local parts = { "return ", "1" }
          return load(function() ask() return table.remove(parts, 1) end)()
        end)()
        """,
        "pairs": """
        (function()
          local t = setmetatable({}, { __pairs = function() return ask(next), { 1 } end })
          for k in pairs(t) do return k end
        end)()
        """,
        "__index": "(setmetatable({}, { __index = function(_, k) return ask(k) end }))[1]",
        "__call": "(setmetatable({}, { __call = function(_, v) return ask(v) end }))(1)",
        "__add": "setmetatable({}, { __add = function(_, v) return ask(v) end }) + 1",
        "__concat": "setmetatable({}, { __concat = function(_, v) return ask(v) end }) .. 1",
        "__eq": "setmetatable({}, { __eq = function() return ask(true) end }) == setmetatable({}, {}) and 1",
        "__len": "#setmetatable({}, { __len = function() return ask(1) end })",
        "an iterator": """
        (function() for v in function(_, s) if not s then return ask(1) end end do return v end end)()
        """,
        "a close handler": """
        (function()
          local r
          do local x <close> = setmetatable({}, { __close = function() r = ask(1) end }) end
          return r
        end)()
        """,
        "a close handler after an error": """
        (function()
          local r
          pcall(function()
            local x <close> = setmetatable({}, { __close = function() r = ask(1) end })
            error 'x'
          end)
          return r
        end)()
        """,
        "a close handler of a coroutine that failed": """
        (function()
          local r
          coroutine.resume(coroutine.create(function()
            local x <close> = setmetatable({}, { __close = function() r = ask(1) end })
            error 'x'
          end))
          return r
        end)()
        """,
        "a close handler of a coroutine that is closed": """
        (function()
          local r
          local co = coroutine.create(function()
            local x <close> = setmetatable({}, { __close = function() r = ask(1) end })
            coroutine.yield()
          end)
          coroutine.resume(co)
          coroutine.close(co)
          return r
        end)()
        """,
        "coroutine.resume": "select(2, coroutine.resume(coroutine.create(ask), 1))",
        "coroutine.wrap": "coroutine.wrap(ask)(1)",
    ]

    /// Around the place.
    private static let surroundings = [
        "nothing": "%s",
        "pcall": "select(2, pcall(function() return %s end))",
        "wrap": "coroutine.wrap(function() return %s end)()",
        "resume in wrap": """
        coroutine.wrap(function()
          return select(2, coroutine.resume(coroutine.create(function() return %s end)))
        end)()
        """,
        "gsub": "(string.gsub('x', 'x', function() return tostring(%s) end))",
    ]

    @Test(arguments: surroundings.keys.sorted())
    func `a script may wait everywhere`(surrounding: String) throws {
        let around = try #require(Self.surroundings[surrounding]).split(
            separator: "%s", omittingEmptySubsequences: false)
        for (place, text) in Self.places.sorted(by: { $0.key < $1.key }) {
            let script = try Script()
            try script.run("local r = " + around.joined(separator: text) + "\nshow(tostring(r))")
            #expect(script.error == nil, "\(place)")
            #expect(script.shown == ["1"], "\(place)")
            #expect(!script.requests.isEmpty, "\(place)")
        }
    }

    @Test(arguments: [
        ("the message handler of xpcall", "error(select(2, xpcall(error, function() ask() end)))"),
        ("'concat'", "table.concat(setmetatable({}, { __index = function() return ask('x') end }), '', 1, 1)"),
        ("'for iterator'", "for _ in ipairs(setmetatable({}, { __index = function() return ask(1) end })) do end"),
        (
            "'concat'",
            """
            table.concat(setmetatable({}, { __index = function() return coroutine.wrap(ask)(1) end }), '', 1, 1)
            """
        ),
    ])
    func `where it cannot wait the error names what is in the way`(obstacle: String, text: String) throws {
        let script = try Script()
        try script.run(text)
        let message = try #require(script.error?.description)
        #expect(message.contains("cannot wait here") && message.contains(obstacle), "\(message)")
        #expect(script.requests.isEmpty)
    }

    @Test func `a wait travels through ninety coroutines`() throws {
        let script = try Script()
        try script.run(
            """
            local f = ask
            for i = 1, 90 do
              local inner = f
              f = function(...) return coroutine.wrap(inner)(...) end
            end
            show(f(1))
            """)
        #expect(script.error == nil)
        #expect(script.shown == ["1"])
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
        #expect(script.requests.map(\.?.line) == [1, 2])
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
