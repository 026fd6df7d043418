import Foundation
import LuaVM

/// Every script that never ends is stopped within its limit and grace and a fifth of both, while other threads are busy.
enum Stops {
    private static let limits = LuaLimits(time: .milliseconds(100), grace: .milliseconds(50))
    private static let bar = 1.2

    static func hold() throws -> Bool {
        let busy = BusyThreads(3)
        defer { busy.stop() }
        var worst = (ratio: 0.0, name: "")
        var holds = true
        var count = 0
        for (name, text) in try HostileScripts.named("endless") {
            for (surrounding, body) in [
                ("", text), ("in a coroutine: ", "coroutine.wrap(function() \(text) end)()"),
                (
                    "in 50 pcalls: ",
                    "local f = function() \(text) end for _ = 1, 50 do local g = f f = function() pcall(g) end end f()"
                ),
            ] {
                let ratio = try run(body)
                count += 1
                if ratio > worst.ratio { worst = (ratio, surrounding + name) }
                guard ratio > bar else { continue }
                print("stops: \(surrounding)\(name) took \(ratio) of limit and grace")
                holds = false
            }
        }
        print("stops: \(count) scripts; the worst took \(worst.ratio) of limit and grace (\(worst.name)); bar \(bar)")
        return holds
    }

    /// The processor time of a script that ends by the limit, in units of limit and grace.
    private static func run(_ text: String) throws -> Double {
        let vm = try LuaVM(limits: limits)
        vm.output = { _ in }
        vm.spawn(try vm.load(text, name: "hostile.lua"))
        let before = ThreadClock.now
        guard case .ended(_, .exceeded(.time, _))? = vm.next() else { return .infinity }
        return Double(ThreadClock.now - before) / 150_000_000
    }
}
