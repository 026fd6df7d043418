import LuaVM
import Synchronization

/// Every way out of a host function, a thousand times: nothing of what its frame owns is left.
enum Leaks {
    /// Counts its living instances.
    private final class Token: Sendable {
        static let living = Atomic(0)
        init() { Token.living.add(1, ordering: .relaxed) }
        deinit { Token.living.subtract(1, ordering: .relaxed) }
    }

    private struct Odd: Error { let token = Token() }

    /// Twenty passes, for tools that slow everything down.
    static func holdBriefly() throws -> Bool { try hold(passes: 20) }

    static func hold() throws -> Bool { try hold(passes: 1000) }

    private static func hold(passes: Int) throws -> Bool {
        let ways: [(name: String, pass: (LuaVM, LuaReference) throws -> Void)] = [
            ("return", { try run($0, $1, "return") }), ("throw", { try run($0, $1, "throw") }),
            ("a Swift error", { try run($0, $1, "odd") }), ("stop", { try run($0, $1, "stop") }),
            ("await", { try run($0, $1, "await") }), ("cancel", { try run($0, $1, "cancel") }),
            ("abandon", { try run($0, $1, "abandon") }), ("cap", { try run($0, $1, "cap") }),
            ("limit", { try run($0, $1, "limit") }),
        ]
        var holds = true
        for (name, pass) in ways {
            let before = Token.living.load(ordering: .relaxed)
            do {
                let vm = try LuaVM(limits: LuaLimits(time: .milliseconds(1), grace: .milliseconds(1), memory: 4 << 20))
                let script = try prepare(vm)
                for _ in 0..<passes { try pass(vm, script) }
            }
            holds = report(name, before) && holds
        }
        // A state that is closed while host functions wait.
        let before = Token.living.load(ordering: .relaxed)
        for _ in 0..<passes {
            let vm = try LuaVM()
            let script = try prepare(vm)
            vm.spawn(script, arguments: ["await"])
            _ = vm.next()
        }
        return report("a closed state", before) && holds
    }

    private static func report(_ name: String, _ before: Int) -> Bool {
        let left = Token.living.load(ordering: .relaxed) - before
        print("leaks: \(name): \(left) left")
        return left == 0
    }

    private static func prepare(_ vm: LuaVM) throws -> LuaReference {
        vm.register(waiting: "wait")
        vm.register("call") { call in
            let token = Token()
            return try withExtendedLifetime(token) {
                switch call.argument(0).text {
                case "throw": throw LuaError("no")
                case "odd": throw Odd()
                case "stop": throw LuaStop()
                case "cap": return [.string(String(repeating: "x", count: 5 << 20))]
                default: return [.handle(LuaHandle(token, description: "token")), .table(LuaTable(list: ["a", "b"]))]
                }
            }
        }
        return try vm.load(
            """
            local way = ...
            local held = call "return"
            local closed <close> = setmetatable({}, { __close = function() call "return" end })
            if way == "await" or way == "cancel" or way == "abandon" then wait(held, { held }, function() return held end) end
            if way == "limit" then while true do call "return" end end
            pcall(call, way)
            """, name: "leak.lua")
    }

    private static func run(_ vm: LuaVM, _ script: LuaReference, _ way: String) throws {
        vm.spawn(script, arguments: [.string(way)])
        while let event = vm.next() {
            guard case .request(let request) = event else { continue }
            switch way {
            case "cancel": vm.stop(request.token.task)
            case "abandon": vm.abandon(request.token.task)
            default: vm.resume(request.token, returning: request.arguments)
            }
        }
    }
}
