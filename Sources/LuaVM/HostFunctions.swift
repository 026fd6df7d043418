import CLuaShim

/// The host functions of a VM, and the way from C to them.
final class HostFunctions {
    enum Body {
        /// Called with results in a list.
        case list((LuaCall) throws -> [LuaValue])
        /// Called for exactly one result: nothing is allocated.
        case value((LuaCall) throws -> LuaValue)
        /// Never called: the task waits.
        case waits
    }

    /// By number.
    private(set) var functions: [(name: String, body: Body)] = []
    let releases = ReleaseQueue()
    let objects = HostObjects()

    func add(_ name: String, _ body: Body) -> Int32 {
        functions.append((name, body))
        return Int32(functions.count - 1)
    }

    /// The C entry: calls the function and leaves results, or an error, on the stack. It returns before anything
    /// is raised.
    static let entry: lvm_host_call = { context, state, function in
        guard let context, let state else { return 0 }
        return Unmanaged<HostFunctions>.fromOpaque(context)._withUnsafeGuaranteedRef { functions in
            functions.call(LuaStack(state: state, host: functions), Int(function))
        }
    }

    private func call(_ stack: LuaStack, _ function: Int) -> Int32 {
        let call = LuaCall(count: Int(lvm_top(stack.state)), stack: stack)
        do {
            switch functions[function].body {
            case .value(let body):
                return stack.push(try body(call)) ? 1 : LVM_NO_MEMORY
            case .list(let body):
                let results = try body(call)
                for result in results where !stack.push(result) { return LVM_NO_MEMORY }
                return Int32(results.count)
            case .waits: return 0
            }
        } catch {
            return stack.raise(error)
        }
    }
}
