/// Runs scripts whose host functions are `async`:
///
/// ```swift
/// let host = try LuaHost()
/// await host.register("sleep") { arguments in
///     try await Task.sleep(for: .seconds(arguments.first?.double ?? 0))
///     return []
/// }
/// let results = try await host.run("sleep(0.1) return 1 + 1")
/// ```
///
/// Scripts that run at the same time share globals. While a script computes, it holds the actor and a thread of Swift's
/// pool, at most for ``LuaLimits/time``. Scripts also get `parallel(f, g, …)`: it runs functions at the same time and gives
/// a list of their first results, with `n`.
///
/// A limit on time installs a handler for SIGURG: see ``LuaLimits/time``.
public actor LuaHost {
    /// A host function: gets what the script gave, gives what the script gets. What it throws is raised in the script.
    public typealias Function = @concurrent @Sendable ([LuaValue]) async throws -> [LuaValue]

    let vm: LuaVM
    private var functions: [String: Function] = [:]
    /// Scripts that run, and who waits for them.
    private var runs: [LuaTaskID: CheckedContinuation<[LuaValue], any Error>] = [:]
    /// Scripts by the numbers under which they are cancelled.
    private var scripts: [Int: LuaTaskID] = [:]
    private var lastScript = 0
    private let cancellations = LuaCancellations()
    /// Calls of host functions that go on.
    private var calls: [LuaToken: Task<Void, Never>] = [:]
    /// Stopped tasks whose handlers wait, for as long as the grace.
    private var graced: Set<LuaTaskID> = []
    private var stopsSeen = 0

    /// A host without functions but `parallel` and `print`.
    ///
    /// - Parameters:
    ///   - limits: what scripts may use. Without a limit on time a script that never waits cannot be stopped.
    ///   - seed: of `math.random`.
    /// - Throws: as ``LuaVM/init(limits:seed:)``.
    public init(
        limits: LuaLimits = LuaLimits(time: .seconds(10), memory: 256 << 20), seed: Int64 = 0
    ) throws(LuaError) {
        vm = try LuaVM(limits: limits, seed: seed)
        vm.handlersMayWait = true
        vm.register(waiting: "parallel")
    }

    /// Gives scripts a function. It may wait, and is cancelled when its script is stopped.
    ///
    /// - Parameter name: `sleep`, or `net.get` for a field of a global table.
    public func register(_ name: String, _ function: @escaping Function) {
        functions[name] = function
        vm.register(waiting: name)
    }

    /// Gives scripts a function that answers at once. It runs on the actor and must not call it.
    ///
    /// - Parameter name: as in ``register(_:_:)``.
    public func register(direct name: String, _ body: @escaping @Sendable (LuaCall) throws -> LuaValue) {
        vm.register(name, body)
    }

    /// One level of a table that a script gave: see ``LuaVM/entries(of:)``.
    public func entries(of table: LuaReference) -> LuaTable { vm.entries(of: table) }

    /// Sets a global. The value must not hold references of another host.
    public func setGlobal(_ name: String, _ value: LuaValue) { vm.setGlobal(name, value) }

    /// Where `print` writes: a line without its end. Standard output, unless this is called.
    public func setOutput(_ output: @escaping @Sendable (String) -> Void) { vm.output = output }

    /// Where `require` finds modules.
    public func setModules(_ modules: @escaping @Sendable (String) throws -> LuaModule?) { vm.modules = modules }

    /// Runs a script to its end.
    ///
    /// When the task is cancelled, the script is stopped: host functions it waits for are cancelled, its `<close>` handlers
    /// run, and may wait for as long as ``LuaLimits/grace``.
    ///
    /// - Parameters:
    ///   - name: what messages call the script, usually its file's name.
    ///   - arguments: what the script gets as `...`.
    /// - Returns: what the script returns.
    /// - Throws: what a host function threw, if the script let it out; ``LuaError`` for other errors and for a script that
    ///   does not parse or ran into a limit; `CancellationError`.
    @discardableResult
    public func run(_ text: String, name: String = "script", arguments: [LuaValue] = []) async throws -> [LuaValue] {
        let function = try vm.load(text, name: name)
        lastScript += 1
        let script = lastScript
        let task = vm.spawn(function, arguments: arguments)
        scripts[script] = task
        let (cancellations, interrupter) = (cancellations, vm.interrupter)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                runs[task] = continuation
                pump()
            }
        } onCancel: {
            cancellations.insert(script)
            // The script may be holding the actor: its turn ends first, whenever it begins.
            Task.detached {
                while cancellations.contains(script) {
                    interrupter.interrupt()
                    await self.stopCancelled()
                    try? await Task.sleep(for: .milliseconds(10))
                }
            }
        }
    }

    // MARK: Driving the VM

    /// Runs what can run, and begins the calls that scripts make.
    private func pump() {
        stopScripts()
        while let event = vm.next() {
            switch event {
            case .request(let request): take(request)
            case .ended(let task, let outcome): end(task, outcome)
            case .interrupted: stopScripts()
            }
        }
        guard stopsSeen != vm.stops else { return }
        stopsSeen = vm.stops
        for (token, call) in calls where !vm.isWaiting(token) {
            calls[token] = nil
            call.cancel()
        }
    }

    private func take(_ request: LuaRequest) {
        let (token, arguments) = (request.token, request.arguments)
        if request.isStopping, graced.insert(token.task).inserted { limitGrace(of: token.task) }
        guard let function = functions[request.function] else { return runInParallel(token, arguments) }
        calls[token] = Task {
            do {
                answer(token, .success(try await function(arguments)))
            } catch {
                answer(token, .failure(error))
            }
        }
    }

    private func runInParallel(_ token: LuaToken, _ arguments: [LuaValue]) {
        if let wrong = arguments.firstIndex(where: { $0.function == nil }) {
            let type = arguments[wrong].typeName
            vm.resume(
                token,
                throwing: LuaError("bad argument #\(wrong + 1) to 'parallel' (function expected, got \(type))"))
            return
        }
        vm.resume(token, running: arguments.compactMap(\.function))
    }

    private func answer(_ token: LuaToken, _ result: Result<[LuaValue], any Error>) {
        calls[token] = nil
        vm.timeHasMoved()
        switch result {
        case .success(let values): vm.resume(token, returning: values)
        case .failure(let error): vm.resume(token, throwing: error)
        }
        pump()
    }

    private func end(_ task: LuaTaskID, _ outcome: LuaOutcome) {
        graced.remove(task)
        guard let continuation = runs.removeValue(forKey: task) else { return }
        if let script = scripts.first(where: { $0.value == task })?.key {
            scripts[script] = nil
            cancellations.remove(script)
        }
        switch outcome {
        case .returned(let values): continuation.resume(returning: values)
        case .raised(let error): continuation.resume(throwing: error.underlying ?? error)
        case .exceeded(_, let error): continuation.resume(throwing: error)
        case .stopped: continuation.resume(throwing: CancellationError())
        }
    }

    // MARK: Stopping

    /// Stops the scripts that were cancelled since it was called last.
    private func stopScripts() {
        for script in cancellations.take() {
            if let task = scripts[script] {
                vm.stop(task, grace: true)
            } else {
                cancellations.remove(script)  // it ended meanwhile
            }
        }
    }

    private func stopCancelled() { pump() }

    /// Ends the handlers of a stopped task when the grace is over.
    private func limitGrace(of task: LuaTaskID) {
        Task {
            try? await Task.sleep(for: vm.limits.grace)
            guard graced.remove(task) != nil else { return }
            vm.stop(task)
            pump()
            vm.abandon(task)
            pump()
        }
    }
}
