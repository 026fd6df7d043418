import DataStudio
import LuaVM

/// `finally`: functions that run at the end of a scope, whatever ends it. The scope is the task that calls it.
///
/// They run singly, the last one first, when the function of the task and everything that it has begun is over; whoever
/// waits for the task waits for them. Each is a task below the scope that nothing stops from outside but the end of its
/// time, and `baton cancel --no-finally`.
extension RunMachine {
    /// How long one function may take unless it says otherwise, and all of a run together once the run is being ended from
    /// outside.
    package static let finallyTimeout = Duration.seconds(15 * 60), allFinallyTimeout = Duration.seconds(30 * 60)

    private static let mostInScope = 100

    /// `finally(fn [, { timeout =, undoes = }])`
    func finally(_ request: LuaRequest, _ caller: NodeID) throws(ArgumentError) {
        guard let node = nodes[caller] else { return }
        guard caller != session?.line else {
            throw ArgumentError("at the prompt a line is no scope: call it in a function of phase(name, fn)")
        }
        if let outer = enclosingFinally(caller) {
            throw ArgumentError("the function of a finally (\(outer)) cannot have one of its own")
        }
        guard let function = request.argument(0).function else {
            throw ArgumentError("a function was expected; got \(request.argument(0).article)")
        }
        var timeout = Self.finallyTimeout
        var undoes = false
        for (name, value) in request.argument(1).isNil ? [] : try fields(request.argument(1)) {
            switch (name, value) {
            case ("timeout", _): timeout = try Duration(value, for: "the option \"timeout\"")
            case ("undoes", .boolean(let flag)): undoes = flag
            case ("undoes", _): throw ArgumentError("undoes is true or false; got \(value.article)")
            default: throw ArgumentError.unknownOption(name, among: ["timeout", "undoes"])
            }
        }
        guard (node.finallys?.count ?? 0) < Self.mostInScope else {
            throw ArgumentError(
                "a scope has \(Self.mostInScope) of them at most: give each round of a loop its own with phase(name, fn)"
            )
        }
        node.finallys =
            (node.finallys ?? []) + [
                FinallyFunction(
                    function: function, key: nextKey("finally", in: caller), location: request.location,
                    timeout: timeout,
                    undoes: undoes)
            ]
        vm.resume(request.token, returning: [])
    }

    /// The place of the `finally` that a task belongs to.
    func enclosingFinally(_ id: NodeID) -> String? {
        var current: NodeID? = id
        while let node = current.flatMap({ nodes[$0] }) {
            if node.isFinally { return node.location?.description ?? node.key }
            current = node.owner
        }
        return nil
    }

    /// Begins the next function of a scope that is over.
    ///
    /// - Returns: false if there is none left.
    func beginFinally(of node: Node) -> Bool {
        guard var left = node.finallys, let next = left.popLast() else { return false }
        node.finallys = left.isEmpty ? nil : left
        guard !isWithoutFinally else {
            notStarted.add(next.title)
            return beginFinally(of: node)
        }
        let task = beginTask(
            next.function, [ending(of: node)], key: next.key, owner: node.id, location: next.location)
        nodes[task]?.isFinally = true
        nodes[task]?.phase = node.phase.map { "\($0): finally" } ?? "finally"
        runningFinallys[task] = (setTimer(.finally(task), key: next.key, after: next.timeout), next.timeout)
        if next.undoes, !releasesEnded { undone.insert(node.id) }
        return true
    }

    /// What the function is told of the end of its scope.
    private func ending(of node: Node) -> LuaValue {
        let failures = node.failedChildren.compactMap { nodes[$0]?.outcome?.failure }
        var error = failures.first
        var result = LuaValue.nil
        var reason = "returned"
        switch node.conclusion {
        case .values(let values): result = values.first ?? .nil
        case .failure(let own): error = own
        case .stopped, nil: reason = reasonOfStop(node)
        }
        if reason == "returned", error != nil { reason = "error" }
        if reason != "returned", error == nil { error = requestedEnd?.error }
        let running = stillRunning.filter { isAncestor(node.id, of: $0) }.compactMap { leftJob($0) }
        return .table(
            LuaTable(fields: [
                "ok": .boolean(reason == "returned"), "reason": .string(reason),
                "error": error?.causeValue ?? .nil, "result": error == nil ? result : .nil,
                "running": .table(LuaTable(list: running)),
            ]))
    }

    private func reasonOfStop(_ node: Node) -> String {
        guard let end = requestedEnd else {
            return restart != nil ? "restart" : node.stop == .timeout ? "timeout" : "cancelled"
        }
        return switch end.status {
        case .succeeded: "finish"
        case .skipped: "skip"
        case .timeout: "timeout"
        case .cancelled: "cancelled"
        default: end.error?.kind == .limit ? "limit" : "fail"
        }
    }

    /// A job that was left running, as scripts see it.
    private func leftJob(_ id: NodeID) -> LuaValue? {
        guard let step = steps[id], let job = step.jobID else { return nil }
        return .table(
            LuaTable(fields: [
                "job_id": .string(job.text), "label": .string(step.label), "name": .string(step.title),
                "server": LuaValue(step.server),
            ]))
    }

    // MARK: Their ends

    /// What the task of a `finally` has come to.
    func finallyEnded(_ node: Node, _ outcome: Outcome) -> Outcome {
        guard node.isFinally else { return outcome }
        let running = runningFinallys.removeValue(forKey: node.id)
        if let running { cancelTimer(running.timer) }
        var outcome = outcome
        // Also where only what it had begun was cut off.
        if node.stop == .timeout {
            let late = ScriptError(
                .timeout,
                isWithoutFinally
                    ? "finally: the run's functions had \(Self.allFinallyTimeout.short) together"
                    : "finally: not done within \((running?.limit ?? Self.finallyTimeout).short), its timeout",
                running: mayBeRunning(node.id),
                location: node.location?.description)
            outcome = .failure([late, outcome.failure].compactMap { $0 }.joined ?? late)
        }
        if requestedEnd != nil, let failure = outcome.failure { finallyErrors.append(failure) }
        return outcome
    }

    /// The failures of the functions of a scope that was stopped: nobody else tells them.
    func failuresOfFinally(in node: Node) -> [ScriptError] {
        node.failedChildren.filter { nodes[$0]?.isFinally == true }.compactMap { nodes[$0]?.outcome?.failure }
    }

    /// The time of one function is up; of all, if it is `nil`.
    func finallyTimedOut(_ task: NodeID?) {
        guard let task else { return stopFinallys(.timeout) }
        stop(task, .timeout, isForced: true)
    }

    /// The run is being ended: from now on the time of all functions together runs.
    func limitFinallys() {
        guard hasFinally else { return }
        _ = setTimer(.finally(nil), key: "", after: Self.allFinallyTimeout)
    }

    /// True if nothing goes on but the time of functions of `finally`, and a start is in doubt: only a person can go on.
    var waitsForPerson: Bool {
        let isTimeOnly = timers.values.allSatisfy { if case .finally = $0.use { true } else { false } }
        return isTimeOnly && steps.values.contains(where: \.isInDoubt)
    }

    /// True if one runs, or has to.
    var hasFinally: Bool { !runningFinallys.isEmpty || nodes.values.contains { $0.finallys != nil } }

    /// Stops what runs of them, and runs no other.
    func stopFinallys(_ reason: StopReason) {
        isWithoutFinally = true
        for id in runningFinallys.keys.sorted() { stop(id, reason, isForced: true) }
    }
}
