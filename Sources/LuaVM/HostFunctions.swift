/// The side of a VM that its stacks need: the functions of the host, and what scripts hold of it.
final class HostFunctions {
    /// All that were registered: Lua holds their addresses.
    private var functions: [HostFunction] = []
    let releases = ReleaseQueue()
    let objects = HostObjects()

    func add(_ name: String, _ body: HostFunction.Body) -> HostFunction {
        let function = HostFunction(name, body, self)
        functions.append(function)
        return function
    }
}
