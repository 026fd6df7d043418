import LuaVM

/// The tree: how nodes begin, end, and are waited for.
extension RunMachine {
    /// A new task that runs a function.
    func beginTask(
        _ function: LuaReference, _ arguments: [LuaValue], key: String, owner: NodeID, location: LuaLocation?
    ) -> NodeID {
        let id = NodeID(number: number())
        let task = vm.spawn(function, arguments: arguments)
        tasks[task] = id
        add(Node(id: id, owner: owner, content: .task(task), key: key, location: location, phase: nodes[owner]?.phase))
        return id
    }

    /// A new step of a script, which has not begun.
    ///
    /// - Parameter phase: `nil`: that of its owner.
    func addStep(
        _ label: String, _ options: StepOptions, server: String?, key: String, owner: NodeID?,
        location: LuaLocation?, phase: String? = nil
    ) -> NodeID {
        let id = NodeID(number: number())
        add(
            Node(
                id: id, owner: owner, content: .step, key: key, location: location,
                phase: phase ?? owner.flatMap { nodes[$0]?.phase }))
        steps[id] = Step(number: nextStepNumber(), label: label, options: options, server: server)
        stepsByKey[key] = id
        return id
    }

    func add(_ node: Node) {
        node.depth = node.owner.flatMap { nodes[$0]?.depth }.map { $0 + 1 } ?? 0
        if let owner = node.owner.flatMap({ nodes[$0] }) { node.takeDefaults(of: owner) }
        nodes[node.id] = node
        vm.charge(HostMemory.node)
        if let owner = node.owner.flatMap({ nodes[$0] }) {
            owner.openChildren.insert(node.id)
            owner.keptChildren += 1
        }
    }

    /// A task's function has ended.
    func taskEnded(_ task: LuaTaskID, _ outcome: LuaOutcome) {
        guard let id = tasks.removeValue(forKey: task) else { return }
        if let timer = nodes[id]?.grace { cancelTimer(timer) }
        switch outcome {
        case .returned(let values): conclude(id, .values(values))
        case .raised(let error):
            if var origin = nodes[id]?.received, let value = origin.raised, vm.isEqual(value, error.value) {
                origin.add(traceback: error.traceback)
                conclude(id, .failure(origin))
            } else {
                conclude(id, .failure(ScriptError(error, in: vm)))
            }
        // A session goes on without the task; what is left of a scope that is over, without the function.
        case .exceeded(_, let error) where session != nil || nodes[id]?.isFinally == true:
            conclude(id, .failure(ScriptError(limit: error)))
        case .exceeded(_, let error):
            // No task goes on beside one that ran away: the run ends, whoever waits for it.
            if requestedEnd == nil {
                let limit = ScriptError(limit: error)
                requestedEnd = RunEnd(status: RunStatus(.limit), error: limit)
            }
            conclude(id, .stopped)
            stop(root, .end)
        case .stopped: conclude(id, .stopped)
        }
    }

    /// A node's own work is done.
    func conclude(_ id: NodeID, _ outcome: Outcome) {
        guard nodes[id]?.conclusion == nil else { return }
        nodes[id]?.conclusion = outcome
        finishIfDone(id)
    }

    /// Ends a node whose work is done and whose children are over.
    private func finishIfDone(_ id: NodeID) {
        guard let node = nodes[id], node.outcome == nil, let conclusion = node.conclusion, node.openChildren.isEmpty
        else { return }
        guard !beginFinally(of: node) else { return }
        let failures = node.failedChildren.compactMap { nodes[$0]?.outcome?.failure }
        var outcome: Outcome =
            switch conclusion {
            case .values where failures.count == 1: .failure(failures[0])
            case .values where !failures.isEmpty: .failure(.joining(failures, title: nil, of: nil, location: nil))
            case .failure(let error) where !failures.isEmpty:
                .failure(.joining([error] + failures, title: nil, of: nil, location: nil))
            case .stopped: failuresOfFinally(in: node).joined.map { .failure($0) } ?? .stopped
            default: conclusion
            }
        outcome = finallyEnded(node, outcome)
        let waiters = node.waiters
        node.outcome = outcome
        vm.charge(-HostMemory.node)
        node.waiters = []
        if let owner = node.owner { nodes[owner]?.openChildren.remove(id) }
        blockEnded(id)
        for waiter in waiters { slotEnded(waiter.group, waiter.position, outcome, by: id) }
        if let owner = node.owner, case .checking(_, check: id)? = steps[owner]?.stage { checkEnded(owner, outcome) }
        if case .failure = outcome, nodes[id]?.isTaken == false, let owner = node.owner {
            nodes[owner]?.failedChildren.append(id)
        }
        if id == session?.line { lineEnded(node, outcome) } else { taskEnded(node, outcome) }
        if let owner = node.owner { finishIfDone(owner) }
        if id == root { self.outcome = outcome }
        release(id)
    }

    /// Somebody was given the outcome: its failure is not raised again at the owner's end.
    func markTaken(_ id: NodeID) {
        nodes[id]?.isTaken = true
        if let owner = nodes[id]?.owner { nodes[owner]?.failedChildren.removeAll { $0 == id } }
        if nodes[id]?.outcome != nil { release(id) }
    }

    /// The job or task that a handle stands for; `nil` for a handle of another kind, as `json.null`, or of another run.
    func node(_ handle: LuaHandle) -> NodeID? {
        guard HandleKind.nodes.contains(handle.kind), let number = Int(exactly: handle.id) else { return nil }
        let id = NodeID(number: number)
        return nodes[id] == nil ? nil : id
    }

    /// True if `ancestor` is `id` or owns it, at any depth: it cannot end before `id`.
    func isAncestor(_ ancestor: NodeID, of id: NodeID) -> Bool {
        var current: NodeID? = id
        while let node = current {
            if node == ancestor { return true }
            current = nodes[node]?.owner
        }
        return false
    }

    // MARK: Stopping

    /// Stops a node and everything below it.
    ///
    /// - Parameter isForced: true to stop the task of a `finally` as well; none below it has to run on.
    func stop(_ id: NodeID, _ reason: StopReason, isForced: Bool = false) {
        guard let node = nodes[id], node.outcome == nil, node.stop == nil, isForced || !node.isFinally else { return }
        nodes[id]?.stop = reason
        dropWait(of: node)
        for child in node.openChildren.sorted() { stop(child, reason) }
        switch node.content {
        case .task(let task): vm.stop(task, grace: configuration.beginning.handlersMayWait)
        case .step: stopStep(id, reason)
        case .chain, .session: conclude(id, .stopped)
        }
    }

    func dropWait(of node: Node) {
        if let group = node.group { dropGroup(group) }
        if let timer = node.sleep { cancelTimer(timer) }
    }

    /// Nobody waits for the group any more; what it did not begin stays unbegun.
    func dropGroup(_ id: GroupID) {
        guard let group = groups.removeValue(forKey: id) else { return }
        for item in group.items[group.next...] where item.begins { notStarted.add(item.title) }
        if let timer = group.timer { cancelTimer(timer) }
        nodes[group.owner]?.group = nil
        for case .node(let node) in group.slots {
            nodes[node]?.waiters.removeAll { $0.group == id }
            leaveForeign(node)
        }
    }
}
