import CLuaShim

/// A Lua 5.4 state whose host functions may wait.
///
/// Synchronous and without I/O. Functions of scripts run as tasks; a host function that waits ends the task's turn
/// with a ``LuaRequest``, and the task goes on when the request is answered:
///
/// ```swift
/// let vm = try LuaVM()
/// vm.register(waiting: "fetch")
/// vm.spawn(try vm.load("print(fetch('a'))", name: "example.lua"))
/// while let event = vm.next() {
///     if case .request(let request) = event { vm.resume(request.token, returning: "an answer") }
/// }
/// ```
///
/// One caller at a time; not bound to a thread. Scripts have no files, no processes and no bytecode. What differs from
/// process to process in stock Lua does not: the order of `pairs`, random numbers, the text of a table.
///
/// ``LuaHost`` drives a VM for programs whose host functions are `async`.
public final class LuaVM {
    /// The C side, freed with this object.
    let vm: OpaquePointer
    let main: LuaStack
    let host: HostFunctions

    /// The release of Lua that scripts run in, as `5.4.9`.
    public static var luaVersion: String { String(cString: lvm_lua_version()) }

    /// True if that release is older than 5.4.8: some ordinary scripts corrupt memory in it, or go wrong in silence.
    public static var luaHasFaults: Bool { lvm_lua_has_faults() }

    /// The limits, as given.
    public let limits: LuaLimits

    /// Ends the turn of this VM from another thread.
    public let interrupter: LuaInterrupter

    /// Where `print` writes: a line without its end. Standard output, unless the host says otherwise.
    public var output: (String) -> Void = { print($0) }

    /// Where `require` finds modules by name; `nil` for a name there is none of. No modules, unless the host says otherwise.
    public var modules: (String) throws -> LuaModule? = { _ in nil }

    /// Told of the kind and the id of each handle, other than to an object, that no script reaches any more. When that is
    /// depends on the collector: nothing that a script sees may depend on it.
    public var handleDropped: (_ kind: Int32, _ id: Int64) -> Void = { _, _ in }

    /// Whether `<close>` handlers may wait in tasks that the VM stops by itself: at a limit, or beside a task that failed.
    /// The host then ends their time, by ``stop(_:grace:)`` and ``abandon(_:)``.
    public var handlersMayWait = false

    // Tasks, by slot.
    let tasks = LuaTaskTable()
    var freeSlots: [Int32] = []
    var lastTask = 0
    var lastWait = 0
    /// How many tasks were stopped.
    var stops = 0
    /// The task whose turn goes on, and whether a host function that it called abandoned it.
    var running: LuaTaskID?
    var isRunningAbandoned = false
    /// Counts the instants that ``timeHasMoved()`` told of.
    var instant: Int32 = 0
    let ready = LuaTaskQueue()
    /// What ended, and has not been told; and whether anything has.
    let ended = LuaEventQueue()
    var hasEnded: Bool { !ended.isEmpty }
    /// The text of the memory error, for when there is no memory for it.
    var memoryMessage: LuaReference?

    /// A new state.
    ///
    /// - Parameters:
    ///   - limits: what scripts may use.
    ///   - seed: of `math.random`. The same seed gives the same numbers in every process.
    /// - Throws: ``LuaError`` when there is no memory, or no thread for a limit on time.
    public init(limits: LuaLimits = LuaLimits(), seed: Int64 = 0) throws(LuaError) {
        let host = HostFunctions()
        guard let vm = lvm_new(HostFunction.entry) else {
            throw LuaError("not enough memory")
        }
        self.vm = vm
        self.host = host
        self.limits = limits
        self.main = LuaStack(state: lvm_main(vm), host: host)
        self.interrupter = LuaInterrupter(vm)
        guard lvm_seed(vm, seed), main.push("not enough memory") else { throw LuaError("not enough memory") }
        if case .reference(let message) = main.anchorTop() { memoryMessage = message }
        try openLibrary()
        lvm_set_memory_limit(vm, limits.memory ?? 0)
        guard let time = limits.time else { return }
        if !lvm_set_time_limit(
            vm, time.nanoseconds, limits.grace.nanoseconds, limits.patience.nanoseconds)
        {
            throw LuaError("no thread could be made for the limit on time")
        }
    }

    deinit {
        interrupter.invalidate()
        lvm_free(vm)
    }

    /// Parsed once in a process.
    private static let library = Result { () throws(LuaError) in
        try [
            ("sandbox", PackageResources.sandbox_lua), ("sort", PackageResources.sort_lua),
            ("require", PackageResources.require_lua),
        ].map { name, text throws(LuaError) in try LuaProgram(String(decoding: text, as: UTF8.self), name: "=" + name) }
    }

    /// The part of the library that is written in Lua.
    private func openLibrary() throws(LuaError) {
        let print = host.add(
            "print",
            .list { [unowned self] call in
                output(call.stack.description(at: 1))
                return []
            })
        guard lvm_push_host_function(main.state, print.address, "print", false), lvm_set_print(main.state) else {
            throw LuaError("not enough memory")
        }
        register("module") { [unowned self] call in
            guard let name = call.argument(0).text else { return [.nil, "the name of a module is UTF-8"] }
            guard let module = try modules(name) else { return [.nil, .string("module '\(name)' not found")] }
            return [.string(module.text), .string(module.name)]
        }
        for program in try Self.library.get() {
            let chunk = spawn(try load(program))
            if case .ended(chunk, .raised(let error)) = next() { throw error }
        }
    }

    // MARK: Functions of the host

    /// Gives scripts a function that answers at once. `body` must not run this VM: ``next()`` traps then.
    ///
    /// - Parameter name: `now`, or `log.info` for a field of a global table.
    @_disfavoredOverload
    public func register(_ name: String, _ body: @escaping (LuaCall) throws -> [LuaValue]) {
        register(name, .list(body))
    }

    /// Gives scripts a function that answers at once with one value: the fastest kind.
    ///
    /// - Parameter name: as in ``register(_:_:)-(_,(LuaCall)->[LuaValue])``.
    public func register(_ name: String, _ body: @escaping (LuaCall) throws -> LuaValue) {
        register(name, .value(body))
    }

    /// Gives scripts a function that waits: each call becomes a ``LuaRequest``.
    ///
    /// - Parameter name: as in ``register(_:_:)-(_,(LuaCall)->[LuaValue])``.
    public func register(waiting name: String) {
        register(name, .waits)
    }

    private func register(_ name: String, _ body: HostFunction.Body) {
        let waits = if case .waits = body { true } else { false }
        let function = host.add(name, body)
        guard lvm_push_host_function(main.state, function.address, name, waits) else { return }
        setTop(as: name)
    }

    private func setTop(as name: String) {
        let dot = name.utf8.firstIndex(of: UInt8(ascii: "."))
        lvm_set_global(
            main.state, dot.map { String(name[..<$0]) }, dot.map { String(name[name.utf8.index(after: $0)...]) } ?? name
        )
    }

    /// Makes a table of a script the metatable that ``LuaTable/metatable`` names.
    public func register(metatable table: LuaReference, as name: LuaMetatable) {
        guard main.push(.reference(table)) else { return }
        lvm_register_metatable(main.state, name.number)
    }

    /// Sets a global, or a field of a global table.
    ///
    /// - Parameter name: `limit`, or `settings.limit`.
    public func setGlobal(_ name: String, _ value: LuaValue) {
        guard main.push(value) else { return }
        setTop(as: name)
    }

    /// Counts what the host holds for scripts against ``LuaLimits/memory``, in bytes; negative for what it holds no more. A
    /// host function that charges too much ends with the memory error.
    public func charge(_ bytes: Int) {
        lvm_charge(vm, bytes)
    }

    /// What is done when a VM of this process reacts to nothing, not even to being stopped: called on a thread of its own
    /// with the processor time it has used, in milliseconds. By default, and when given `nil`, a line is written to
    /// standard error and the process ends with status 70. The function should end the process too.
    public static func onUnresponsive(_ function: (@convention(c) (UInt64) -> Void)?) {
        lvm_set_backstop(function)
    }
}
