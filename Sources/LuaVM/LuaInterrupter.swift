import CLuaShim
import Synchronization

/// Ends the turn of a VM from any thread, so that whoever drives it can stop a script that does not wait.
///
/// Works on a VM with a limit on time. The turn ends as ``LuaEvent/interrupted(_:)`` at the next instruction of Lua where
/// that does no harm; functions of the library that take long are ended by the limit only.
public final class LuaInterrupter: Sendable {
    /// The VM, while it exists. An address, because a pointer is not Sendable.
    private let vm: Mutex<UInt>

    init(_ vm: OpaquePointer) {
        self.vm = Mutex(UInt(bitPattern: vm))
    }

    func invalidate() {
        vm.withLock { $0 = 0 }
    }

    /// Ends the turn that goes on; does nothing between turns.
    public func interrupt() {
        vm.withLock { address in
            if let vm = OpaquePointer(bitPattern: address) { lvm_preempt(vm) }
        }
    }

    /// Ends the turn that goes on, and each later one as it begins, until ``reopen()``.
    public func close() {
        vm.withLock { address in
            if let vm = OpaquePointer(bitPattern: address) { lvm_close(vm) }
        }
    }

    /// Lets turns run again after ``close()``.
    public func reopen() {
        vm.withLock { address in
            if let vm = OpaquePointer(bitPattern: address) { lvm_reopen(vm) }
        }
    }
}
