import LuaVM
import Synchronization
import Testing

/// The actor for programs whose host functions are `async`.
@Suite struct LuaHostTests {
    /// Something a host function waits for until the test lets it go on.
    private actor Gate {
        private var isOpen = false
        private var waiting: [CheckedContinuation<Void, Never>] = []
        private var arrivals = 0
        private var expected: (Int, CheckedContinuation<Void, Never>)?

        func pass() async {
            arrivals += 1
            if let (count, continuation) = expected, arrivals >= count {
                expected = nil
                continuation.resume()
            }
            if isOpen { return }
            await withCheckedContinuation { waiting.append($0) }
        }

        func open() {
            isOpen = true
            for continuation in waiting { continuation.resume() }
            waiting = []
        }

        /// Returns when so many have come.
        func reached(_ count: Int) async {
            if arrivals >= count { return }
            await withCheckedContinuation { expected = (count, $0) }
        }
    }

    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    @Test func `a host function waits`() async throws {
        let host = try LuaHost()
        await host.register("double") { arguments in
            await Task.yield()
            guard case .integer(let number)? = arguments.first else { throw LuaError("a number was expected") }
            return [.integer(number * 2)]
        }
        let results = try await host.run("local a, b = double(4), double(5) return a + b, ...", arguments: ["x"])
        guard case .integer(18) = results[0], results[1].text == "x" else {
            Issue.record("\(results)")
            return
        }
        await #expect(throws: LuaError.self) { try await host.run("double('x')") }
    }

    @Test func `scripts and their functions run side by side`() async throws {
        let gate = Gate()
        let host = try LuaHost()
        await host.register("pass") { _ in
            await gate.pass()
            return [true]
        }
        async let first = host.run("return parallel(pass, pass, function() return 3 end)")
        async let second = host.run("pass() return 4")
        await gate.reached(3)
        await gate.open()
        let results = try await (first, second)
        guard case .reference(let table)? = results.0.first else {
            Issue.record("\(results)")
            return
        }
        #expect(table.kind == .table)
        guard case .integer(4)? = results.1.first else {
            Issue.record("\(results)")
            return
        }
    }

    @Test func `the error of a host function comes out as it was`() async throws {
        struct Refused: Error {}
        let host = try LuaHost()
        await host.register("refuse") { _ in throw Refused() }
        await #expect(throws: Refused.self) { try await host.run("parallel(function() refuse() end)") }
        let caught = try await host.run("return pcall(refuse)")
        #expect(!caught[0].isTrue)
    }

    @Test func `wrong arguments of parallel are told`() async throws {
        let host = try LuaHost()
        let error = await #expect(throws: LuaError.self) { try await host.run("parallel(print, 1)") }
        #expect(error?.description == "bad argument #2 to 'parallel' (function expected, got number)")
    }

    @Test func `a cancelled task stops its script, and what that waits for`() async throws {
        let gate = Gate()
        let lines = Lines()
        let host = try LuaHost()
        await host.setOutput { lines.add($0) }
        await host.register("wait") { _ in
            await gate.pass()
            return try await withTaskCancellationHandler {
                try await Task.sleep(for: .seconds(3600))
                return []
            } onCancel: {
                lines.add("cancelled")
            }
        }
        await host.register("note") { arguments in
            lines.add(arguments.first?.text ?? "")
            return []
        }
        await gate.open()
        let task = Task {
            try await host.run(
                """
                local x <close> = setmetatable({}, { __close = function() note 'closed' end })
                while true do pcall(wait) end
                """)
        }
        await gate.reached(1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(lines.all.sorted() == ["cancelled", "closed"])
        // The host is as good as before.
        let results = try await host.run("return 1")
        #expect(results.count == 1)
    }

    @Test func `a script that computes is stopped too`() async throws {
        let begun = Gate()
        let host = try LuaHost(limits: LuaLimits(time: .seconds(600)))
        await host.register("begin") { _ in
            await begun.pass()
            return []
        }
        await begun.open()
        let task = Task { try await host.run("begin() while true do pcall(function() while true do end end) end") }
        await begun.reached(1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `a handler that waits for ever is left when the grace is over`() async throws {
        let gate = Gate()
        let host = try LuaHost(limits: LuaLimits(time: .seconds(10), grace: .milliseconds(20)))
        await host.register("wait") { _ in
            await gate.pass()
            return []
        }
        let task = Task {
            try await host.run("local x <close> = setmetatable({}, { __close = wait }) wait()")
        }
        await gate.reached(1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        await gate.open()
    }

    @Test func `a script that is cancelled before it begins does not begin`() async throws {
        let lines = Lines()
        let host = try LuaHost()
        await host.setOutput { lines.add($0) }
        let gate = Gate()
        let task = Task {
            await gate.pass()
            return try await host.run("print 'never'")
        }
        task.cancel()
        await gate.open()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(lines.all.isEmpty)
    }

    @Test func `a limit is an error that says where`() async throws {
        let host = try LuaHost(limits: LuaLimits(time: .milliseconds(20), grace: .milliseconds(20), memory: 8 << 20))
        let time = await #expect(throws: LuaError.self) { try await host.run("while true do end", name: "loop.lua") }
        #expect(time?.limit == .time)
        #expect(time?.description.hasPrefix("loop.lua:1: the script was stopped") == true)
        let memory = await #expect(throws: LuaError.self) {
            try await host.run("local s = 'x' while true do s = s .. s end", name: "bomb.lua")
        }
        #expect(memory?.limit == .memory)
        #expect(memory?.description == "bomb.lua:1: not enough memory")
    }

    @Test func `modules are found by name, and may wait`() async throws {
        let host = try LuaHost()
        await host.register("answer") { _ in [.integer(42)] }
        await host.setModules { name in
            switch name {
            case "lib.a": LuaModule(text: "local n = answer() return { n = n, name = ... }", name: "lib/a.lua")
            case "lib.b": LuaModule(text: "return require 'lib.b'", name: "lib/b.lua")
            case "lib.c": LuaModule(text: "x x", name: "lib/c.lua")
            default: nil
            }
        }
        let results = try await host.run(
            "local a = require 'lib.a' return a.n, a.name, a == require 'lib.a', require 'string' == string")
        #expect(results.map { "\($0)" } == ["integer(42)", "string(\"lib.a\")", "boolean(true)", "boolean(true)"])
        for (name, message) in [
            ("lib.b", "requires itself"), ("lib.c", "lib/c.lua:1"), ("lib.d", "module 'lib.d' not found"),
        ] {
            let error = await #expect(throws: LuaError.self) { try await host.run("require '\(name)'", name: "t.lua") }
            #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
        }
    }
}
