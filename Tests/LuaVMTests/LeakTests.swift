import LuaVM
import Synchronization
import Testing

/// No way out of a host function jumps over a Swift frame: whatever a frame owns is released.
@Suite struct LeakTests {
    /// Counts its living instances.
    private final class Token: Sendable {
        private let count: Counter
        init(_ count: Counter) {
            self.count = count
            count.value.withLock { $0 += 1 }
        }
        deinit { count.value.withLock { $0 -= 1 } }
    }

    private final class Counter: Sendable {
        let value = Mutex(0)
        var living: Int { value.withLock { $0 } }
    }

    private struct Odd: Error {}

    @Test(arguments: ["return", "error", "odd", "stop"])
    func `a thousand calls leave nothing behind`(way: String) throws {
        let counter = Counter()
        let script = try Script()
        script.vm.register("call") { call in
            let token = Token(counter)
            return try withExtendedLifetime(token) {
                switch way {
                case "error": throw LuaError("no")
                case "odd": throw Odd()
                case "stop": throw LuaStop()
                default: return [call.argument(0)]
                }
            }
        }
        let text = way == "stop" ? "call({})" : "for i = 1, 1000 do pcall(call, {}) end"
        for _ in 0..<(way == "stop" ? 1000 : 1) { try script.run(text) }
        #expect(counter.living == 0)
    }

    @Test(arguments: ["await", "cancel", "abandon", "cap", "limit", "closed"])
    func `nor do a hundred tasks, however they end`(way: String) throws {
        let counter = Counter()
        do {
            let script = try Script(
                waiting: ["wait"],
                limits: LuaLimits(time: .milliseconds(2), grace: .milliseconds(2), memory: 4 << 20))
            let vm = script.vm
            vm.register("open") { _ in .handle(LuaHandle(Token(counter), description: "token")) }
            vm.register("large") { _ in
                let token = Token(counter)
                return withExtendedLifetime(token) { .string(String(repeating: "x", count: 5 << 20)) }
            }
            let text =
                switch way {
                case "cap": "pcall(large)"
                case "limit": "while true do open() end"
                default: "wait(open(), { open() }, function() return open() end)"
                }
            let chunk = try vm.load("local x <close> = setmetatable({}, { __close = open }) \(text)", name: "leak.lua")
            for _ in 0..<100 {
                vm.spawn(chunk)
                while let event = vm.next() {
                    guard case .request(let request) = event else { continue }
                    switch way {
                    case "cancel": vm.stop(request.token.task)
                    case "abandon": vm.abandon(request.token.task)
                    case "closed": break
                    default: vm.resume(request.token, returning: request.arguments)
                    }
                }
            }
        }
        #expect(counter.living == 0)
    }

    @Test func `values held by waits that are stopped are released`() throws {
        let script = try Script()
        for _ in 0..<1000 {
            try script.run("local big = ('x'):rep(1000) pcall(ask, { big }, function() return big end)") {
                vm, request in
                vm.stop(request.token.task)
            }
        }
        try script.run("collectgarbage()")
        #expect(script.requests.count == 1000)
    }
}
