import Synchronization

/// The scripts of a ``LuaHost`` that were cancelled and have not ended, by number. Unlike the host it can be told while
/// a script holds the actor.
final class LuaCancellations: Sendable {
    private struct State {
        var running: Set<Int> = []
        var new: Set<Int> = []
    }

    private let state = Mutex(State())

    func insert(_ script: Int) {
        state.withLock {
            $0.running.insert(script)
            $0.new.insert(script)
        }
    }

    /// True until the script has ended.
    func contains(_ script: Int) -> Bool { state.withLock { $0.running.contains(script) } }

    func remove(_ script: Int) {
        state.withLock {
            $0.running.remove(script)
            $0.new.remove(script)
        }
    }

    /// Those that were not taken before.
    func take() -> Set<Int> {
        state.withLock { state in
            defer { state.new = [] }
            return state.new
        }
    }
}
