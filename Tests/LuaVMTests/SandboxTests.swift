import LuaVM
import Testing

/// What scripts do not have, and what they are told.
@Suite struct SandboxTests {
    @Test(arguments: [
        "io.open('x')", "io.popen('ls')", "os.execute('ls')", "os.exit()", "os.remove('x')", "os.rename('x', 'y')",
        "os.tmpname()", "os.getenv('HOME')", "debug.getinfo(1)", "debug.sethook()", "package.loadlib('x', 'y')",
        "package.cpath()", "dofile('x')", "loadfile('x')", "string.dump(print)", "collectgarbage('count')",
        "setmetatable({}, { __gc = function() end })",
    ])
    func `it is not there, and the error says so`(call: String) throws {
        let script = try Script()
        try script.run(call)
        let message = try #require(script.error?.description)
        #expect(message.contains("is not available in scripts"))
        #expect(message.hasPrefix("test.lua:1: "))
    }

    @Test func `bytecode is not loaded, by no way`() throws {
        let script = try Script()
        try script.run(
            """
            show(load("\\27Lua"))
            show(load("\\27Lua", "x", "b"))
            local done
            show(load(function() if not done then done = true return "\\27Lua" end end, "x", "bt"))
            show(load("return 1 + 1")())
            show(load("return x", "x", "t", { x = 5 })())
            """)
        #expect(script.shown.prefix(3).allSatisfy { $0.hasPrefix("nil attempt to load a binary chunk") })
        #expect(script.shown.suffix(2) == ["2", "5"])
        #expect(throws: LuaError.self) { try script.vm.load("\u{1B}Lua", name: "b") }
    }

    @Test func `a text that does not parse says where`() throws {
        let vm = try LuaVM()
        #expect {
            try vm.load("x = 1\nif x the\n", name: "bad.lua")
        } throws: { error in
            (error as? LuaError)?.description.hasPrefix("bad.lua:2: ") == true
        }
    }

    @Test func `the harmless part of the library is there`() throws {
        let script = try Script()
        try script.run(
            "show(type(os.time()), os.date('!%Y', 0), type(debug.traceback()), utf8.len('ä'), ('x'):rep(3), math.max(1, 2))"
        )
        #expect(script.shown == ["number 1970 string 1 xxx 2"])
    }
}
