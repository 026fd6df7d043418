import LuaVM
import Synchronization

/// Ends the turn of a run from any thread, whichever part of the run goes on.
package final class RunInterrupter: Sendable {
    private let state = Mutex<(vm: LuaInterrupter?, isClosed: Bool)>((nil, false))

    init() {}

    /// True once ``close()`` was called.
    var isClosed: Bool { state.withLock(\.isClosed) }

    /// It is about that VM from now on.
    func attach(_ vm: LuaInterrupter) {
        state.withLock { state in
            state.vm = vm
            if state.isClosed { vm.close() }
        }
    }

    /// Ends the turn that goes on, or the next one as it begins, until ``taken()`` is called: a turn may begin at any moment.
    package func interrupt() {
        state.withLock { $0.vm?.close() }
    }

    /// The interruption was taken: turns run again, unless ``close()`` was called.
    func taken() {
        state.withLock { state in
            if !state.isClosed { state.vm?.reopen() }
        }
    }

    /// Ends the turn that goes on, and each later one as it begins: the run is about to be left.
    package func close() {
        state.withLock { state in
            state.isClosed = true
            state.vm?.close()
        }
    }
}
