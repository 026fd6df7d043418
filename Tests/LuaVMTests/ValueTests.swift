import LuaVM
import Testing

/// Values on their way between Lua and Swift.
@Suite struct ValueTests {
    @Test(arguments: [
        ("9007199254740993", "9007199254740993 integer"),
        ("2^53", "9007199254740992.0 float"),
        ("-0.0", "-0.0 float"),
        ("'text'", "text nil"),
        ("true", "true nil"),
        ("nil", "nil nil"),
        ("'a\\0b'", "a\0b nil"),
    ])
    func `a value survives the way through the host`(literal: String, shown: String) throws {
        let script = try Script()
        try script.run("local v = ask(\(literal)) show(v, math.type(v))")
        #expect(script.shown == [shown])
    }

    @Test func `strings are bytes`() throws {
        let script = try Script()
        var arguments: [LuaValue] = []
        try script.run(#"local v = ask("\xff\xfe") show(#v, v == "\xff\xfe")"#) { vm, request in
            arguments = request.arguments
            vm.resume(request.token, returning: arguments)
        }
        #expect(script.shown == ["2 true"])
        guard case .bytes([0xFF, 0xFE])? = arguments.first else {
            Issue.record("not bytes")
            return
        }
    }

    @Test func `tables and functions keep their identity`() throws {
        let script = try Script()
        try script.run("local t, f = {}, function() end local a, b = ask(t, f) show(a == t, b == f)")
        #expect(script.shown == ["true true"])
    }

    @Test func `a table is read one level deep, in a fixed order`() throws {
        let script = try Script()
        var argument = LuaValue.nil
        try script.run("ask { 'x', 'y', b = 1, a = { 2 }, [10] = 3, [1.5] = 4 }") { vm, request in
            argument = request.argument(0)
            vm.resume(request.token, returning: [])
        }
        let table = try #require(argument.tableReference)
        let entries = script.vm.entries(of: table)
        let keys = entries.entries.map { key, _ -> String in
            switch key {
            case .integer(let number): "\(number)"
            case .number(let number): "\(number)"
            default: key.text ?? "?"
            }
        }
        #expect(keys == ["1", "2", "10", "1.5", "a", "b"])
        #expect(entries["a"]?.tableReference != nil)
    }

    @Test func `a table of the host arrives with its metatable`() throws {
        let script = try Script()
        let name = LuaMetatable(3)
        script.vm.register(waiting: "made")
        try script.run("mt = { __tostring = function(t) return 'made ' .. t.n end } ask(mt) show(tostring(made()))") {
            vm, request in
            if request.function == "ask", let table = request.arguments.first?.tableReference {
                vm.register(metatable: table, as: name)
                vm.resume(request.token, returning: [])
            } else {
                let inner = LuaTable(list: [.integer(1), .integer(2)])
                vm.resume(
                    request.token,
                    returning: [.table(LuaTable(fields: ["n": .integer(7), "list": .table(inner)], metatable: name))])
            }
        }
        #expect(script.shown == ["made 7"])
    }

    @Test func `handles are opaque, equal by id, and readable`() throws {
        let script = try Script()
        try script.run(
            """
            local a, b, c = ask()
            show(a == b, a == c, a.label, tostring(a), a.nothing)
            show(pcall(function() a.label = 1 end))
            show(getmetatable(a))
            """
        ) { vm, request in
            func handle(_ id: Int64) -> LuaValue {
                .handle(
                    LuaHandle(
                        kind: 1, id: id, fields: LuaTable(fields: ["label": "wf", "description": .string("job \(id)")]))
                )
            }
            vm.resume(request.token, returning: [handle(1), handle(1), handle(2)])
        }
        #expect(script.shown[0] == "true false wf job 1 nil")
        #expect(script.shown[1].hasPrefix("false"))
        #expect(script.shown[2] == "handle")
    }

    @Test func `a large table crosses without trouble`() throws {
        let script = try Script()
        var argument = LuaValue.nil
        try script.run("local t = {} for i = 1, 20000 do t[i] = 'v' .. i end ask(t)") { vm, request in
            argument = request.argument(0)
            vm.resume(request.token, returning: [])
        }
        let table = try #require(argument.tableReference)
        #expect(script.vm.entries(of: table).entries.count == 20_000)
    }
}
