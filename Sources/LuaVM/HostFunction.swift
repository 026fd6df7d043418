import CLuaShim

/// A function of the host, and the way from C to it.
final class HostFunction {
    enum Body {
        /// Called with results in a list.
        case list((LuaCall) throws -> [LuaValue])
        /// Called for exactly one result: nothing is allocated.
        case value((LuaCall) throws -> LuaValue)
        /// Never called: the task waits.
        case waits
    }

    let name: String
    private let body: Body
    /// Safe: what is referred to owns this object.
    private unowned(unsafe) let host: HostFunctions

    init(_ name: String, _ body: Body, _ host: HostFunctions) {
        self.name = name
        self.body = body
        self.host = host
    }

    /// What Lua holds. The object lives as long as the VM.
    var address: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

    static func at(_ address: UnsafeMutableRawPointer) -> HostFunction {
        Unmanaged<HostFunction>.fromOpaque(address).takeUnretainedValue()
    }

    /// The C entry: calls the function and leaves results, or an error, on the stack. It returns before anything
    /// is raised.
    static let entry: lvm_host_call = { address, state in
        guard let address, let state else { return 0 }
        return Unmanaged<HostFunction>.fromOpaque(address)._withUnsafeGuaranteedRef { $0.call(state) }
    }

    private func call(_ state: OpaquePointer) -> Int32 {
        let stack = LuaStack(state: state, host: host)
        let call = LuaCall(count: Int(lvm_top(state)), stack: stack)
        defer { host.isOutOfMemory = false }
        do {
            switch body {
            case .value(let body):
                let result = try body(call)
                return !host.isOutOfMemory && stack.push(result) ? 1 : LVM_NO_MEMORY
            case .list(let body):
                let results = try body(call)
                if host.isOutOfMemory { return LVM_NO_MEMORY }
                for result in results where !stack.push(result) { return LVM_NO_MEMORY }
                return Int32(results.count)
            case .waits: return 0
            }
        } catch {
            return host.isOutOfMemory ? LVM_NO_MEMORY : stack.raise(error)
        }
    }
}
