/// The side of a VM that its stacks need: the functions of the host, and what scripts hold of it.
final class HostFunctions {
    /// All that were registered: Lua holds their addresses.
    private var functions: [HostFunction] = []
    let releases = ReleaseQueue()
    let objects = HostObjects()
    let handles = HeldHandles()
    /// Something of a script could not be kept: the call or request that wanted it ends with the memory error.
    var isOutOfMemory = false

    func add(_ name: String, _ body: HostFunction.Body) -> HostFunction {
        let function = HostFunction(name, body, self)
        functions.append(function)
        return function
    }
}
