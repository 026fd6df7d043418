import CLuaShim

/// A call of a host function that waits. The task goes on once ``LuaVM/resume(_:returning:)-(_,[LuaValue])`` or
/// ``LuaVM/resume(_:throwing:)`` answers the token.
///
/// What the script gave stays where it is until it is asked for, and can be asked for until the request is answered.
public struct LuaRequest {
    /// What an answer names.
    public let token: LuaToken
    /// The VM whose script calls.
    public let vm: LuaVM
    let address: UnsafeMutableRawPointer
    let thread: OpaquePointer
    let count: Int32

    /// The name the function was registered under.
    public var function: String { HostFunction.at(address).name }

    /// What the script gave. Empty once the request is answered.
    public var arguments: [LuaValue] {
        guard vm.isWaiting(token) else { return [] }
        return stack.readTop(count)
    }

    /// The argument at a position from 0; `nil` where there is none, and once the request is answered.
    public func argument(_ index: Int) -> LuaValue {
        guard index >= 0, index < count, vm.isWaiting(token) else { return .nil }
        return stack.read(lvm_top(thread) - count + 1 + Int32(index))
    }

    /// The line that called it; `nil` where only host code is on the stack, and once the request is answered.
    public var location: LuaLocation? { vm.isWaiting(token) ? stack.location() : nil }

    /// True if a `<close>` handler of a task that is being stopped calls: see ``LuaVM/stop(_:grace:)``.
    public var isStopping: Bool { vm.isStopping(token.task) }

    private var stack: LuaStack { LuaStack(state: thread, host: vm.host) }
}
