import LuaVM
import Synchronization
import Testing

/// Swift objects that scripts hold, and Swift errors that cross Lua.
@Suite struct HandleTests {
    private final class Connection: Sendable {
        let name: String
        private let living: Counter

        init(_ name: String, _ living: Counter) {
            self.name = name
            self.living = living
            living.value.withLock { $0 += 1 }
        }

        deinit { living.value.withLock { $0 -= 1 } }
    }

    private final class Counter: Sendable {
        let value = Mutex(0)
        var count: Int { value.withLock { $0 } }
    }

    @Test func `a script holds an object, and gives it back`() throws {
        let living = Counter()
        let script = try Script()
        script.vm.register("open") { call in
            let connection = Connection(call.argument(0).text ?? "", living)
            return .handle(
                LuaHandle(connection, description: "connection", fields: LuaTable(fields: ["kind": "tcp"])))
        }
        script.vm.register("name") { call in
            guard case .handle(let handle) = call.argument(0), let connection = handle.object as? Connection else {
                throw LuaError("a connection was expected")
            }
            return .string(connection.name)
        }
        try script.run(
            """
            local a, b = open "a", open "b"
            show(name(a), name(b), tostring(a), a.kind, a.description, a == b, a == a, "it: " .. a)
            show(select(2, pcall(name, 1)))
            show(pcall(function() a.kind = 1 end), getmetatable(a))
            """)
        #expect(
            script.shown == [
                "a b connection tcp connection false true it: connection", "a connection was expected", "false handle",
            ])
    }

    @Test func `an object lives until no script reaches it`() throws {
        let living = Counter()
        let script = try Script()
        script.vm.register("open") { _ in .handle(LuaHandle(Connection("x", living), description: "x")) }
        try script.run("for i = 1, 1000 do open() end kept = open() collectgarbage()")
        try script.run("show(kept)")
        #expect(living.count == 1)
        try script.run("kept = nil collectgarbage()")
        try script.run("")
        #expect(living.count == 0)
    }

    @Test func `one object is one handle, however often it is given`() throws {
        let living = Counter()
        let script = try Script()
        let connection = Connection("x", living)
        script.vm.register("get") { _ in .handle(LuaHandle(connection, description: "x")) }
        try script.run(
            """
            local a, b = get(), get()
            show(a == b, rawequal(a, b))
            collectgarbage()
            show(({ [a] = 1 })[get()])
            """)
        #expect(script.shown == ["true true", "1"])
    }

    @Test func `what the VM holds goes with it`() throws {
        let living = Counter()
        do {
            let script = try Script()
            script.vm.register("open") { _ in .handle(LuaHandle(Connection("x", living), description: "x")) }
            try script.run("kept = open()")
            #expect(living.count == 1)
        }
        #expect(living.count == 0)
    }

    private struct Refused: Error, Equatable { let code: Int }

    @Test(arguments: [
        "refuse()", "local ok, e = pcall(refuse) error(e)", "coroutine.wrap(refuse)()",
        "error(select(2, coroutine.resume(coroutine.create(refuse))))", "ask()",
        "local x <close> = setmetatable({}, { __close = function() refuse() end })",
    ])
    func `an error of Swift comes back as it was`(text: String) throws {
        let script = try Script()
        script.vm.register("refuse") { _ -> LuaValue in throw Refused(code: 7) }
        try script.run(text) { vm, request in vm.resume(request.token, throwing: Refused(code: 7)) }
        let error = try #require(script.error)
        #expect(error.underlying as? Refused == Refused(code: 7))
        #expect(error.description == "Refused(code: 7)")
        #expect(error.location?.line == 1)
    }

    @Test func `a script can read an error of Swift`() throws {
        let script = try Script()
        script.vm.register("refuse") { _ -> LuaValue in throw Refused(code: 7) }
        try script.run("local e = select(2, pcall(refuse)) show(e.message, tostring(e), 'because: ' .. e)")
        #expect(script.shown == ["Refused(code: 7) Refused(code: 7) because: Refused(code: 7)"])
    }
}
