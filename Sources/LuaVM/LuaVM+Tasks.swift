import CLuaShim

/// Tasks: how they begin, go on and are stopped.
extension LuaVM {
    /// Makes a task that calls a function. It first runs in ``next()``.
    ///
    /// - Parameter parent: a task that is not over: it ends no earlier than this one, and stops it when it ends by
    ///   anything but returning. Must be of this VM and not have ended.
    @discardableResult
    public func spawn(
        _ function: LuaReference, arguments: [LuaValue] = [], parent: LuaTaskID? = nil
    ) -> LuaTaskID {
        lastTask += 1
        let slot = freeSlots.popLast() ?? Int32(tasks.count)
        if slot == tasks.count { tasks.append() }
        let id = LuaTaskID(number: lastTask, slot: slot)
        tasks[Int(slot)].number = lastTask
        tasks[Int(slot)].state = .new
        tasks[Int(slot)].start = LuaTaskStart(function, arguments)
        if let parent, index(of: parent) != nil { link(slot, to: parent.slot) }
        ready.append(id)
        return id
    }

    /// Runs the tasks that can run, one turn each and oldest first, until one of them asks for something or ends.
    ///
    /// Traps inside a host function of this VM.
    ///
    /// - Returns: `nil` when every task waits.
    public func next() -> LuaEvent? {
        precondition(!lvm_is_running(vm), "a host function cannot run the VM that calls it")
        releaseDropped()
        host.isOutOfMemory = false
        while true {
            if hasEnded { return ended.popFirst() }
            guard let id = ready.popFirst() else { return nil }
            if let event = runTurn(of: id) { return event }
        }
    }

    /// Answers a request with values.
    public func resume(_ token: LuaToken, returning values: [LuaValue]) {
        guard isWaiting(token) else { return }
        let slot = Int(token.task.slot)
        guard let thread = tasks[slot].thread else { return }
        // What was read of the script for this answer was not all of it.
        if host.isOutOfMemory { return answered(token.task, replaceByMemoryError(thread, 1)) }
        var isPushed = lvm_push_boolean(thread, true)
        var count: Int32 = 1
        for value in values where isPushed {
            isPushed = push(value, onto: thread)
            count += 1
        }
        answered(token.task, isPushed ? count : replaceByMemoryError(thread, count))
    }

    /// Answers a request with one value.
    public func resume(_ token: LuaToken, returning value: LuaValue) {
        guard isWaiting(token), let thread = tasks[Int(token.task.slot)].thread else { return }
        if host.isOutOfMemory { return answered(token.task, replaceByMemoryError(thread, 1)) }
        let isPushed = lvm_push_boolean(thread, true) && push(value, onto: thread)
        answered(token.task, isPushed ? 2 : replaceByMemoryError(thread, 2))
    }

    /// Answers a request with an error, raised where the script called. An error of Swift that is no ``LuaError`` reaches
    /// the script as ``LuaError/init(raising:)`` says; ``LuaStop`` stops the task.
    public func resume(_ token: LuaToken, throwing error: any Error) {
        guard isWaiting(token), let thread = tasks[Int(token.task.slot)].thread else { return }
        if error is LuaStop { return stop(token.task) }
        let error = LuaError(raising: error)
        if !error.traceback.isEmpty { tasks[Int(token.task.slot)].ownDetails.received = error }
        let isPushed = lvm_push_boolean(thread, false) && push(error.value, onto: thread)
        answered(token.task, isPushed ? 2 : replaceByMemoryError(thread, 2))
    }

    private func push(_ value: LuaValue, onto thread: OpaquePointer) -> Bool {
        switch value {
        // What is not allocated goes straight to the thread, which is suspended and cannot make protected calls.
        case .nil: lvm_push_nil(thread)
        case .boolean(let value): lvm_push_boolean(thread, value)
        case .integer(let value): lvm_push_integer(thread, value)
        case .number(let value): lvm_push_number(thread, value)
        default: main.push(value) && lvm_move(main.state, thread, 1)
        }
    }

    /// The last of `count` values found no memory: the answer is an error instead.
    private func replaceByMemoryError(_ thread: OpaquePointer, _ count: Int32) -> Int32 {
        lvm_pop(thread, count - 1)
        lvm_push_boolean(thread, false)
        if let memoryMessage { _ = main.push(.reference(memoryMessage)) && lvm_move(main.state, thread, 1) }
        return 2
    }

    private func answered(_ id: LuaTaskID, _ count: Int32) {
        let slot = Int(id.slot)
        tasks[slot].count = count
        tasks[slot].state = .ready
        if tasks[slot].charge > 0 {
            lvm_charge(vm, -tasks[slot].charge)
            tasks[slot].charge = 0
        }
        ready.append(id)
    }

    // MARK: Stopping

    /// Stops a task and the tasks below it: its wait raises, no `pcall` returns, `<close>` handlers run, and it ends as
    /// `.stopped`. Does nothing to a task that has ended.
    ///
    /// - Parameter grace: whether the handlers may wait; if not, their waits raise too. Stopping the task again without
    ///   grace ends the grace. A handler that answers neither is left by ``abandon(_:)``.
    public func stop(_ id: LuaTaskID, grace: Bool = false) {
        for id in subtree(of: id) { stopAlone(id, grace) }
    }

    private func stopAlone(_ id: LuaTaskID, _ grace: Bool) {
        let slot = Int(id.slot)
        let before = tasks[slot].stopping
        if before.level > 0 || before.raises, grace || !before.has_grace { return }
        stops += 1
        tasks[slot].stopping.has_grace = grace
        if before.level == 0 || tasks[slot].state == .waiting { tasks[slot].stopping.raises = true }
        // One that waits for its own children goes on when they are over.
        guard tasks[slot].state == .waiting, tasks[slot].details?.join == nil else { return }
        answered(id, 0)
    }

    /// True if the task is being stopped.
    public func isStopping(_ id: LuaTaskID) -> Bool {
        guard let slot = index(of: id) else { return false }
        return tasks[slot].stopping.level > 0 || tasks[slot].stopping.raises
    }

    /// Leaves a task and the tasks below it as they are: nothing of them runs any more, not even `<close>` handlers. They
    /// end as `.stopped`, or as what they had run into.
    public func abandon(_ id: LuaTaskID) {
        var all = subtree(of: id)
        stops += all.count
        if let running, all.contains(running) {
            // It cannot be left from inside: it is when its turn ends.
            isRunningAbandoned = true
            all.removeAll { $0 == running }
        }
        for id in all.reversed() where index(of: id) != nil && tasks[Int(id.slot)].state != .over {
            if let event = finish(id, stoppedOutcome(id.slot), hasReturned: false) { ended.append(event) }
        }
    }

    /// Tells that time has moved since the last call: tasks may wait ``LuaLimits/waits`` times again.
    public func timeHasMoved() { instant &+= 1 }

    // MARK: Looking

    /// The place of a task among the children of its parent, of that one among the children of its own, and so on,
    /// outermost first; empty for a task without a parent, and one that has ended.
    public func path(of id: LuaTaskID) -> [Int] {
        guard index(of: id) != nil else { return [] }
        var path: [Int] = []
        var slot = id.slot
        while tasks[Int(slot)].parent >= 0 {
            path.append(Int(tasks[Int(slot)].position))
            slot = tasks[Int(slot)].parent
        }
        return path.reversed()
    }

    /// The outermost task above a task; itself if it has no parent or has ended.
    public func root(of id: LuaTaskID) -> LuaTaskID {
        guard index(of: id) != nil else { return id }
        var slot = id.slot
        while tasks[Int(slot)].parent >= 0 { slot = tasks[Int(slot)].parent }
        return self.id(of: slot)
    }

    func index(of id: LuaTaskID) -> Int? {
        let slot = Int(id.slot)
        return slot < tasks.count && tasks[slot].number == id.number && tasks[slot].state != .free ? slot : nil
    }

    func isWaiting(_ token: LuaToken) -> Bool {
        guard let slot = index(of: token.task) else { return false }
        return tasks[slot].state == .waiting && tasks[slot].wait == token.wait && tasks[slot].details?.join == nil
    }
}
