import Foundation
import LuaVM
import Synchronization

/// No turn is stopped before its time is over: 40 000 turns that end near their limit.
enum Turns {
    private static let limit = 1_000_000
    private static let threads = 2
    private static let turns = 20_000

    private struct Count {
        var stopped = 0
        var early = 0
        var near = 0
    }

    static func hold() throws -> Bool {
        let count = Mutex(Count())
        let isDone = DispatchGroup()
        for seed in 0..<threads {
            isDone.enter()
            Thread.detachNewThread {
                defer { isDone.leave() }
                try? run(seed: seed, count)
            }
        }
        isDone.wait()
        let result = count.withLock { $0 }
        print(
            "turns: \(threads * turns) turns, \(result.near) of them between 0.8 and 1.1 of their limit; "
                + "\(result.stopped) stopped, \(result.early) before their time")
        return result.early == 0 && result.stopped > 100 && result.near > threads * turns / 4
    }

    /// Loops of a length that is known to take about the limit.
    private static func run(seed: Int, _ count: borrowing Mutex<Count>) throws {
        let vm = try LuaVM(limits: LuaLimits(time: .nanoseconds(limit), grace: .milliseconds(1)))
        let loop = try vm.load("for i = 1, ... do end", name: "turn.lua")
        var perTurn = 100_000.0
        var generator = SystemRandomNumberGenerator()
        for turn in 0..<turns {
            let length = perTurn * Double.random(in: 0.75...1.15, using: &generator)
            vm.spawn(loop, arguments: [.integer(Int64(length))])
            let before = ThreadClock.now
            let event = vm.next()
            let used = ThreadClock.now - before
            let share = Double(used) / Double(limit)
            guard case .ended(_, let outcome)? = event else { continue }
            count.withLock {
                if share > 0.8, share < 1.1 { $0.near += 1 }
                guard case .exceeded = outcome else { return }
                $0.stopped += 1
                if used < limit { $0.early += 1 }
            }
            // The machine's speed changes: follow it.
            if case .returned = outcome { perTurn += (length / share - perTurn) * (turn < 50 ? 0.5 : 0.05) }
        }
    }
}
