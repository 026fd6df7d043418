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
///     if case .request(let request) = event { vm.resume(request.token, returning: ["an answer"]) }
/// }
/// ```
///
/// One caller at a time; not bound to a thread. Scripts have no files, no processes and no bytecode.
public final class LuaVM {
    /// The C side, freed with this object.
    private let vm: OpaquePointer
    private let main: LuaStack
    private let host: HostFunctions

    private var tasks: [LuaTaskID: LuaTask] = [:]
    private var lastTask = 0
    /// Tasks that can run, oldest first, from `readyHead` on.
    private var ready: [LuaTaskID] = []
    private var readyHead = 0

    /// A new state.
    ///
    /// - Throws: ``LuaError`` when there is no memory.
    public init() throws(LuaError) {
        let host = HostFunctions()
        guard let vm = lvm_new(Unmanaged.passUnretained(host).toOpaque(), HostFunctions.entry) else {
            throw LuaError("not enough memory")
        }
        self.vm = vm
        self.host = host
        self.main = LuaStack(state: lvm_main(vm), releases: host.releases)
        try run(String(decoding: PackageResources.sandbox_lua, as: UTF8.self), name: "=sandbox")
    }

    deinit { lvm_free(vm) }

    // MARK: Functions of the host

    /// Gives scripts a function that answers at once. `body` must not call back into the VM.
    ///
    /// - Parameter name: `now`, or `log.info` for a field of a global table.
    public func register(_ name: String, _ body: @escaping (LuaCall) throws -> [LuaValue]) {
        register(name, body: body)
    }

    /// Gives scripts a function that waits: each call becomes a ``LuaRequest``.
    ///
    /// - Parameter name: as in ``register(_:_:)``.
    public func register(waiting name: String) {
        register(name, body: nil)
    }

    private func register(_ name: String, body: HostFunctions.Body?) {
        let number = host.add(name, body)
        let path = name.split(separator: ".", maxSplits: 1).map(String.init)
        guard lvm_push_host_function(main.state, number, name, body == nil) else { return }
        lvm_set_global(main.state, path.count == 2 ? path[0] : nil, path[path.count - 1])
    }

    /// Makes a table of a script the metatable that ``LuaTable/metatable`` names.
    public func register(metatable table: LuaReference, as name: LuaMetatable) {
        guard main.push(.reference(table)) else { return }
        lvm_register_metatable(main.state, name.number)
    }

    /// Sets a global.
    public func setGlobal(_ name: String, _ value: LuaValue) {
        guard main.push(value) else { return }
        lvm_set_global(main.state, nil, name)
    }

    // MARK: Values

    /// One level of a table that a script holds: nested tables are references again. `__pairs` is not called.
    public func entries(of table: LuaReference) -> LuaTable {
        guard table.kind == .table, main.push(.reference(table)) else { return LuaTable() }
        defer { lvm_pop(main.state, 1) }
        return main.entries(at: -1)
    }

    /// True if the table's metatable is the one registered under `name`.
    public func table(_ table: LuaReference, has name: LuaMetatable) -> Bool {
        guard main.push(.reference(table)) else { return false }
        defer { lvm_pop(main.state, 1) }
        return lvm_has_metatable(main.state, -1, name.number)
    }

    /// Lua's `rawequal`.
    public func isEqual(_ a: LuaValue, _ b: LuaValue) -> Bool {
        guard main.push(a) else { return false }
        defer { lvm_pop(main.state, 1) }
        guard main.push(b) else { return false }
        defer { lvm_pop(main.state, 1) }
        return lvm_raw_equal(main.state, -1, -2)
    }

    /// What `tostring` gives for a value.
    public func description(of value: LuaValue) -> String {
        guard main.push(value) else { return "?" }
        defer { lvm_pop(main.state, 1) }
        return main.description(at: -1)
    }

    // MARK: Tasks

    /// Parses a chunk of text.
    ///
    /// - Parameter name: what messages call it, usually the file's name. `=name` is shown as it stands.
    /// - Throws: ``LuaError`` with the line, as in `nightly.lua:3: unexpected symbol near 'then'`.
    public func load(_ text: String, name: String) throws(LuaError) -> LuaReference {
        releaseDropped()
        let top = lvm_top(main.state)
        let chunk = name.hasPrefix("=") ? name : "@" + name
        var text = text
        let parsed = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                // The parser takes an empty text by its length, whatever the pointer.
                lvm_load(main.state, $0.baseAddress, $0.count, chunk)
            }
        }
        defer { lvm_pop(main.state, lvm_top(main.state) - top) }
        guard lvm_top(main.state) > top else { throw LuaError("not enough memory") }
        guard parsed, case .reference(let function) = main.read(-1) else {
            throw LuaError(main.description(at: -1))
        }
        return function
    }

    /// Makes a task that calls a function. It first runs in ``next()``.
    @discardableResult
    public func spawn(_ function: LuaReference, arguments: [LuaValue] = []) -> LuaTaskID {
        lastTask += 1
        let id = LuaTaskID(number: lastTask)
        tasks[id] = LuaTask(state: .new(function, arguments))
        ready.append(id)
        return id
    }

    /// Runs the tasks that can run, one turn each and oldest first, until one of them asks for something or ends.
    ///
    /// - Returns: `nil` when every task waits.
    public func next() -> LuaEvent? {
        releaseDropped()
        while readyHead < ready.count {
            let id = ready[readyHead]
            readyHead += 1
            if readyHead == ready.count {
                ready.removeAll(keepingCapacity: true)
                readyHead = 0
            }
            if let event = runTurn(of: id) { return event }
        }
        return nil
    }

    /// Answers a request with values.
    public func resume(_ token: LuaToken, returning values: [LuaValue]) {
        answer(token, [.boolean(true)] + values)
    }

    /// Answers a request with an error, raised where the script called.
    public func resume(_ token: LuaToken, throwing error: LuaError) {
        answer(token, [.boolean(false), error.value])
    }

    private func answer(_ token: LuaToken, _ values: [LuaValue]) {
        guard let task = tasks[token.task], case .waiting(let wait) = task.state, wait == token.wait else { return }
        tasks[token.task]?.state = .answered(values)
        ready.append(token.task)
    }

    /// Stops a task: its waits raise, no `pcall` returns, `<close>` handlers run, and it ends as `.stopped`.
    public func stop(_ id: LuaTaskID) {
        guard let task = tasks[id], !task.isStopping else { return }
        tasks[id]?.isStopping = true
        if case .waiting = task.state {
            tasks[id]?.state = .answered([])
            ready.append(id)
        }
    }

    private func runTurn(of id: LuaTaskID) -> LuaEvent? {
        guard let task = tasks[id] else { return nil }
        let thread: OpaquePointer
        let values: [LuaValue]
        switch task.state {
        case .waiting: return nil
        case .new(_, _) where task.isStopping:
            tasks[id] = nil
            return .ended(id, .stopped)
        case .new(let function, let arguments):
            var reference: Int32 = 0
            guard let made = lvm_task_new(vm, &reference) else {
                tasks[id] = nil
                return .ended(id, .raised(LuaError("not enough memory")))
            }
            thread = made
            tasks[id]?.thread = made
            tasks[id]?.reference = reference
            values = [.reference(function)] + arguments
        case .answered(let answer):
            guard let known = task.thread else { return nil }
            thread = known
            values = task.isStopping ? [.boolean(false)] : answer
        }
        let stack = LuaStack(state: thread, releases: host.releases)
        var count = Int32(values.count)
        for (index, value) in values.enumerated() where !main.push(value) {
            lvm_pop(main.state, Int32(index))
            return finish(id, .raised(LuaError("not enough memory")))
        }
        if task.isStopping, case .answered = task.state {
            lvm_push_stop(main.state)
            count += 1
        }
        guard lvm_move(main.state, thread, count) else {
            lvm_pop(main.state, count)
            return finish(id, .raised(LuaError("stack overflow")))
        }
        if case .new = task.state { count -= 1 }
        var results: Int32 = 0
        let turn = lvm_run(vm, thread, count, task.isStopping, &results)
        let isStopping = lvm_is_stopping(vm)
        tasks[id]?.isStopping = isStopping
        switch turn {
        case LVM_WAITING: return .request(request(of: id, thread, results))
        case LVM_ENDED: return finish(id, isStopping ? .stopped : .returned(stack.readTop(results)))
        default: return finish(id, failure(of: thread, isStopping))
        }
    }

    private func request(of id: LuaTaskID, _ thread: OpaquePointer, _ results: Int32) -> LuaRequest {
        lastWait += 1
        let source = LuaStack(state: lvm_request_thread(vm), releases: host.releases)
        let request = LuaRequest(
            token: LuaToken(task: id, wait: lastWait),
            function: host.functions[Int(lvm_request_function(vm))].name,
            arguments: source.readTop(lvm_request_count(vm)),
            location: source.location()
        )
        lvm_clear_request(vm)
        // What the task's own thread yielded goes; a coroutine's arguments are dropped by C when it goes on.
        lvm_pop(thread, results)
        tasks[id]?.state = .waiting(lastWait)
        return request
    }

    private var lastWait = 0

    private func failure(of thread: OpaquePointer, _ isStopping: Bool) -> LuaOutcome {
        let stack = LuaStack(state: thread, releases: host.releases)
        let location = stack.location()
        var traceback = ""
        if !isStopping, lvm_push_traceback(vm, thread) {
            traceback = main.description(at: -1)
            lvm_pop(main.state, 1)
        }
        // Handlers may raise an error of their own, which takes the place of this one.
        lvm_task_close(thread)
        guard !isStopping else { return .stopped }
        let value = stack.read(-1)
        var error = LuaError(value: value, description: description(of: value), traceback: traceback)
        error.location = location
        return .raised(error)
    }

    private func finish(_ id: LuaTaskID, _ outcome: LuaOutcome) -> LuaEvent {
        if let reference = tasks[id]?.reference { lvm_unref(main.state, reference) }
        tasks[id] = nil
        return .ended(id, outcome)
    }

    private func releaseDropped() {
        for number in host.releases.take() { lvm_unref(main.state, number) }
    }

    /// Runs a chunk that does not wait, to its end.
    private func run(_ text: String, name: String) throws(LuaError) {
        spawn(try load(text, name: name))
        if case .ended(_, .raised(let error)) = next() { throw error }
    }
}
