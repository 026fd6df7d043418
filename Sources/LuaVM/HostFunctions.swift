import CLuaShim

/// The host functions of a VM, and the way from C to them.
final class HostFunctions {
    typealias Body = (LuaCall) throws -> [LuaValue]

    /// Names by number; the body is `nil` for functions that wait.
    private(set) var functions: [(name: String, body: Body?)] = []
    let releases = ReleaseQueue()

    func add(_ name: String, _ body: Body?) -> Int32 {
        functions.append((name, body))
        return Int32(functions.count - 1)
    }

    /// The C entry: calls the function and leaves results, or an error, on the stack. It returns before anything
    /// is raised.
    static let entry: lvm_host_call = { context, state, function in
        guard let context, let state else { return 0 }
        let functions = Unmanaged<HostFunctions>.fromOpaque(context).takeUnretainedValue()
        return functions.call(LuaStack(state: state, releases: functions.releases), Int(function))
    }

    private func call(_ stack: LuaStack, _ function: Int) -> Int32 {
        guard let body = functions[function].body else { return 0 }
        do {
            let results = try body(LuaCall(arguments: stack.readAll(), stack: stack))
            for result in results where !stack.push(result) {
                return stack.raise("not enough memory")
            }
            return Int32(results.count)
        } catch is LuaStop {
            lvm_push_stop(stack.state)
            return LVM_STOP
        } catch let error as LuaError {
            return stack.push(error.value) ? LVM_RAISE : stack.raise("not enough memory")
        } catch {
            return stack.raise("\(error)")
        }
    }
}
