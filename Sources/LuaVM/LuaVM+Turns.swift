import CLuaShim

/// One turn of a task: from where it goes on to where it waits or ends.
extension LuaVM {
    func runTurn(of id: LuaTaskID) -> LuaEvent? {
        guard let slot = index(of: id) else { return nil }
        switch tasks[slot].state {
        case .ready: break
        case .new where tasks[slot].stopping.raises:
            return finish(id, stoppedOutcome(id.slot), hasReturned: false)
        case .new: guard begin(id) else { return finish(id, .exceeded(.memory, memoryError()), hasReturned: false) }
        default: return nil
        }
        guard let thread = tasks[slot].thread else { return nil }
        var stopping = tasks[slot].stopping
        tasks[slot].stopping.raises = false
        var results: Int32 = 0
        running = id
        let turn = lvm_run(vm, thread, tasks[slot].count, &stopping, &results)
        running = nil
        // A host function may have stopped the task meanwhile, or ended its grace.
        stopping.has_grace = tasks[slot].stopping.has_grace
        stopping.raises = tasks[slot].stopping.raises
        tasks[slot].stopping = stopping
        if isRunningAbandoned {
            isRunningAbandoned = false
            return finish(id, stoppedOutcome(id.slot), hasReturned: false)
        }
        tasks[slot].count = 0
        if lvm_is_out_of_time(vm), tasks[slot].details?.exceeded == nil {
            tasks[Int(id.slot)].ownDetails.exceeded = (.time, limitError(.time, timeReason))
        }
        switch turn {
        case LVM_WAITING where stopping.raises || (stopping.level > 0 && !stopping.has_grace):
            tasks[slot].stopping.raises = true
            tasks[slot].state = .ready
            ready.append(id)
            return nil
        case LVM_WAITING: return request(of: id, thread)
        case LVM_PREEMPTED:
            tasks[slot].state = .ready
            ready.append(id)
            return .interrupted(id)
        case LVM_EXPIRED: return expire(id, thread)
        case LVM_ENDED:
            let values = LuaStack(state: thread, host: host).readTop(results)
            return finish(id, stopping.level > 0 ? stoppedOutcome(id.slot) : .returned(values), hasReturned: true)
        default: return finish(id, failure(of: id, thread, turn), hasReturned: false)
        }
    }

    /// Gives a new task its thread, with the function and its arguments on the stack.
    private func begin(_ id: LuaTaskID) -> Bool {
        let slot = Int(id.slot)
        guard let start = tasks[slot].start else { return false }
        tasks[slot].start = nil
        var reference: Int32 = 0
        guard let thread = lvm_task_new(vm, &reference) else { return false }
        tasks[slot].thread = thread
        tasks[slot].reference = reference
        guard main.push(.reference(start.function)) else { return false }
        for (index, value) in start.arguments.enumerated() where !main.push(value) {
            lvm_pop(main.state, Int32(index) + 1)
            return false
        }
        tasks[slot].count = Int32(start.arguments.count) + 1
        guard lvm_move(main.state, thread, tasks[slot].count) else {
            lvm_pop(main.state, tasks[slot].count)
            return false
        }
        return true
    }

    private func request(of id: LuaTaskID, _ thread: OpaquePointer) -> LuaEvent? {
        let slot = Int(id.slot)
        if let most = limits.waits {
            if tasks[slot].instant != instant {
                tasks[slot].instant = instant
                tasks[slot].waits = 0
            }
            tasks[slot].waits += 1
            if tasks[slot].waits > most {
                // A handler of a stopped task that goes on for ever, as one whose time is over.
                guard tasks[slot].stopping.level == 0 else {
                    abandon(id)
                    return nil
                }
                let thread: OpaquePointer = lvm_request_thread(vm)
                var error = LuaError("the script was stopped: it has waited \(most) times without time moving")
                error.location = LuaStack(state: thread, host: host).location()
                if lvm_push_current_traceback(vm, thread) {
                    error.traceback = main.description(at: -1)
                    lvm_pop(main.state, 1)
                }
                return exceed(id, .waits, error)
            }
        }
        lastWait += 1
        tasks[slot].state = .waiting
        tasks[slot].wait = lastWait
        let bytes = lvm_request_bytes(vm)
        if bytes > 0 {
            tasks[slot].charge = bytes
            lvm_charge(vm, bytes)
        }
        guard let function = lvm_request_function(vm) else { return nil }
        return .request(
            LuaRequest(
                token: LuaToken(task: id, wait: lastWait), vm: self, address: function,
                thread: lvm_request_thread(vm), count: lvm_request_count(vm)))
    }

    /// The turn has used up its time, or the handlers of a stopped task theirs.
    private func expire(_ id: LuaTaskID, _ thread: OpaquePointer) -> LuaEvent? {
        if tasks[Int(id.slot)].stopping.level > 0 {
            abandon(id)
            return nil
        }
        var error = LuaError(timeReason)
        addTraceback(of: lvm_interrupted_thread(vm), to: &error)
        return exceed(id, .time, error)
    }

    /// Stops a task that ran into a limit.
    private func exceed(_ id: LuaTaskID, _ limit: LuaLimit, _ error: LuaError) -> LuaEvent? {
        let slot = Int(id.slot)
        var error = error
        error.limit = limit
        if let location = error.location {
            error.description = "\(location): \(error.description)"
            error.value = .string(error.description)
        }
        tasks[slot].ownDetails.exceeded = (limit, error)
        for child in children(of: id.slot) { stop(child, grace: handlersMayWait) }
        tasks[slot].stopping.has_grace = handlersMayWait
        tasks[slot].stopping.raises = true
        tasks[slot].state = .ready
        ready.append(id)
        return nil
    }

    /// How a task ends that was stopped.
    func stoppedOutcome(_ slot: Int32) -> LuaOutcome {
        guard let (limit, error) = tasks[Int(slot)].details?.exceeded else { return .stopped }
        return .exceeded(limit, error)
    }

    private var timeReason: String {
        "the script was stopped: it has run for \(limits.time.map { "\($0)" } ?? "long") without waiting"
    }

    private func memoryError() -> LuaError { limitError(.memory, "not enough memory") }

    /// A limit that the turn reached where no traceback could be made.
    private func limitError(_ limit: LuaLimit, _ message: String) -> LuaError {
        var source: UnsafePointer<CChar>?
        let line = lvm_limit_line(vm, &source)
        let location = source.flatMap { line > 0 ? LuaLocation(source: String(cString: $0), line: Int(line)) : nil }
        var error = LuaError("\(location.map { "\($0): " } ?? "")\(message)")
        error.limit = limit
        error.location = location
        return error
    }

    /// What was recorded where an error was raised, or a turn expired.
    private func addTraceback(of thread: OpaquePointer, to error: inout LuaError) {
        guard lvm_push_traceback(vm, thread) else { return }
        let text = main.description(at: -1)
        lvm_pop(main.state, 1)
        // The first line says where: `12:script.lua`.
        guard let end = text.firstIndex(of: "\n"), let colon = text.firstIndex(of: ":"), colon < end else { return }
        if let line = Int(text[..<colon]), line > 0 {
            error.location = LuaLocation(source: String(text[text.index(after: colon)..<end]), line: line)
        }
        error.traceback = String(text[text.index(after: end)...])
    }

    private func failure(of id: LuaTaskID, _ thread: OpaquePointer, _ turn: lvm_turn) -> LuaOutcome {
        if tasks[Int(id.slot)].stopping.level > 0 { return stoppedOutcome(id.slot) }
        if turn == LVM_OUT_OF_MEMORY { return .exceeded(.memory, memoryError()) }
        let value = LuaStack(state: thread, host: host).read(-1)
        var error = LuaError(value: value, description: description(of: value))
        addTraceback(of: thread, to: &error)
        guard let origin = tasks[Int(id.slot)].details?.received, isEqual(origin.value, value) else {
            return .raised(error)
        }
        // It came from a task below, whose own calls go first.
        let own = error.traceback.split(separator: "\n", omittingEmptySubsequences: false).dropFirst()
        error.traceback = ([Substring(origin.traceback)] + own).joined(separator: "\n")
        error.location = origin.location ?? error.location
        return .raised(error)
    }
}
