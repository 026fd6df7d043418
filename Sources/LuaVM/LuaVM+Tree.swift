import CLuaShim

/// The tree of tasks: a task ends no earlier than those below it.
extension LuaVM {
    /// Answers a request by running functions as tasks below the one that waits, at the same time. It goes on when all have
    /// ended: with a table of their first results, in order and with `n`; or with the error of the first that failed, for
    /// which the others are stopped. Their ends are not told by ``next()``.
    ///
    /// With this a host gives scripts `parallel(f, g)` in a few lines.
    public func resume(_ token: LuaToken, running functions: [LuaReference]) {
        guard isWaiting(token) else { return }
        guard !functions.isEmpty else {
            return resume(token, returning: .table(LuaTable(fields: ["n": .integer(0)])))
        }
        for (index, function) in functions.enumerated() {
            let child = spawn(function, parent: token.task)
            tasks[Int(child.slot)].ownDetails.place = index + 1
        }
        let nothing = [LuaValue](repeating: .nil, count: functions.count)
        tasks[Int(token.task.slot)].ownDetails.join = LuaTaskDetails.Join(
            token: token, results: nothing, remaining: functions.count)
    }

    /// Ends a task once its children are over.
    ///
    /// - Returns: what is to be told, if anything is.
    func finish(_ id: LuaTaskID, _ outcome: LuaOutcome, hasReturned: Bool) -> LuaEvent? {
        let slot = Int(id.slot)
        if let thread = tasks[slot].thread {
            lvm_task_free(vm, thread, tasks[slot].reference, hasReturned && tasks[slot].stopping.level == 0)
            tasks[slot].thread = nil
        }
        if tasks[slot].charge > 0 { lvm_charge(vm, -tasks[slot].charge) }
        tasks[slot].charge = 0
        guard tasks[slot].firstChild >= 0 else { return complete(id, outcome) }
        tasks[slot].state = .over
        tasks[slot].ownDetails.outcome = outcome
        if case .returned = outcome { return nil }
        for child in children(of: id.slot) { stop(child, grace: handlersMayWait) }
        return nil
    }

    /// Takes a task without children out of the tree, and those above it that only waited for it: children are told first.
    private func complete(_ id: LuaTaskID, _ outcome: LuaOutcome) -> LuaEvent? {
        var (id, outcome) = (id, outcome)
        while true {
            let parent = tasks[Int(id.slot)].parent
            let place = tasks[Int(id.slot)].details?.place ?? 0
            unlink(id.slot)
            tasks[Int(id.slot)] = LuaTask()
            freeSlots.append(id.slot)
            if place == 0 {
                if parent < 0, !hasEnded { return .ended(id, outcome) }
                ended.append(.ended(id, outcome))
            }
            guard parent >= 0 else { return nil }
            if place > 0 { joined(parent, place, outcome) }
            guard tasks[Int(parent)].state == .over, tasks[Int(parent)].firstChild < 0 else { return nil }
            outcome = tasks[Int(parent)].details?.outcome ?? .stopped
            id = self.id(of: parent)
        }
    }

    /// A child whose result its parent waits for has ended.
    private func joined(_ parent: Int32, _ place: Int, _ outcome: LuaOutcome) {
        let details = tasks[Int(parent)].ownDetails
        guard var join = details.join else { return }
        details.join = nil  // or the results would be copied each time
        join.remaining -= 1
        if case .returned(let values) = outcome {
            join.results[place - 1] = values.first ?? .nil
        } else if join.failure == nil {
            join.failure = outcome
            details.join = join
            for child in children(of: parent) { stop(child, grace: handlersMayWait) }
        }
        details.join = join.remaining > 0 ? join : nil
        guard join.remaining == 0 else { return }
        if tasks[Int(parent)].stopping.raises {
            tasks[Int(parent)].state = .ready
            ready.append(id(of: parent))
            return
        }
        switch join.failure {
        case .raised(let error)?: resume(join.token, throwing: error)
        case .exceeded(let limit, let error)?:
            details.exceeded = (limit, error)
            stop(join.token.task, grace: handlersMayWait)
        case .stopped?: stop(join.token.task, grace: handlersMayWait)
        default:
            var table = LuaTable(list: join.results)
            table.entries.removeAll { $0.value.isNil }
            table.entries.append(("n", .integer(Int64(join.results.count))))
            resume(join.token, returning: .table(table))
        }
    }

    // MARK: Links

    func id(of slot: Int32) -> LuaTaskID { LuaTaskID(number: tasks[Int(slot)].number, slot: slot) }

    func link(_ slot: Int32, to parent: Int32) {
        tasks[Int(parent)].childCount += 1
        let next = tasks[Int(parent)].firstChild
        tasks[Int(slot)].parent = parent
        tasks[Int(slot)].position = tasks[Int(parent)].childCount
        tasks[Int(slot)].nextSibling = next
        if next >= 0 { tasks[Int(next)].previousSibling = slot }
        tasks[Int(parent)].firstChild = slot
    }

    private func unlink(_ slot: Int32) {
        let task = tasks[Int(slot)]
        guard task.parent >= 0 else { return }
        if task.nextSibling >= 0 { tasks[Int(task.nextSibling)].previousSibling = task.previousSibling }
        if task.previousSibling >= 0 {
            tasks[Int(task.previousSibling)].nextSibling = task.nextSibling
        } else {
            tasks[Int(task.parent)].firstChild = task.nextSibling
        }
    }

    /// A task and those below it, each before its children; empty if it has ended.
    func subtree(of id: LuaTaskID) -> [LuaTaskID] {
        guard index(of: id) != nil else { return [] }
        var subtree: [LuaTaskID] = []
        var pending = [id]
        while let id = pending.popLast() {
            pending += children(of: id.slot)
            subtree.append(id)
        }
        return subtree
    }

    /// The children of a task that have not ended, oldest first.
    func children(of slot: Int32) -> [LuaTaskID] {
        var children: [LuaTaskID] = []
        var child = tasks[Int(slot)].firstChild
        while child >= 0 {
            children.append(id(of: child))
            child = tasks[Int(child)].nextSibling
        }
        return children.reversed()
    }
}
