import DataStudio
import LuaVM

/// Waiting for one node or several, and beginning those that have not begun.
extension RunMachine {
    /// Begins a group and what it holds, as far as its limit goes.
    ///
    /// - Parameter timeout: when it passes, the call that waits gets an error.
    func begin(_ group: Group, timeout: Duration? = nil) {
        let id = GroupID(number: number())
        groups[id] = group
        nodes[group.owner]?.group = id
        if let timeout {
            group.timer = setTimer(.group(id, timeout), key: group.key, after: timeout)
        }
        // What runs already is waited for whatever becomes of the rest.
        for (position, item) in group.items.enumerated() where !item.begins && groups[id] != nil {
            beginItem(id, group, position)
        }
        group.isBeginning = false
        advance(id)
    }

    /// Begins what may begin, and completes the group when nothing is left.
    private func advance(_ id: GroupID) {
        while let group = groups[id], !group.isBeginning, group.next < group.items.count,
            group.hasRoom, !group.isFailing
        {
            let position = group.next
            group.next += 1
            if group.items[position].begins { beginItem(id, group, position) }
        }
        if let group = groups[id], group.isDone { complete(id, group) }
    }

    /// Begins the item of a list that a record is about. In a log of which an end counts no more, the items that began then
    /// are not begun by it: each begins at its first record, whatever the limit.
    ///
    /// - Returns: false if there is none that has not begun.
    func beginItem(of key: String) -> Bool {
        for open in key.indices where key[open] == "[" {
            guard let close = key[open...].firstIndex(of: "]"), let count = Int(key[key.index(after: open)..<close]),
                let (id, group) = groups.first(where: {
                    $1.key == key[..<open] && $1.beginsInAnyOrder && $1.next < count && count <= $1.items.count
                })
            else { continue }
            while group.next < count {
                group.next += 1
                if group.items[group.next - 1].begins { beginItem(id, group, group.next - 1) }
            }
            return true
        }
        return false
    }

    private func beginItem(_ id: GroupID, _ group: Group, _ position: Int) {
        // Of ten thousand handles none needs a key.
        var key: String {
            group.items.count == 1 && group.shape == .single ? group.key : "\(group.key)[\(position + 1)]"
        }
        let node: NodeID
        switch group.items[position] {
        case .absent:
            group.slots[position] = .absent
            return
        case .step(let label, let options):
            let options = options.merged(over: nodes[group.owner]?.defaults ?? StepOptions())
            node = beginStep(label, options, key: "\(key)/execute#1", owner: group.owner, location: group.location)
        case .function(let function, let arguments):
            node = beginTask(function, arguments, key: key, owner: group.owner, location: group.location)
        case .chain:
            node = NodeID(number: number())
            add(
                Node(
                    id: node, owner: group.owner, content: .chain, key: key, location: group.location,
                    phase: nodes[group.owner]?.phase))
        case .handle(let handle):
            guard let known = self.node(handle) else { return }
            node = known
        case .node(let known): node = known
        case .job(let job):
            node = beginWait(for: job, key: "\(key)/job#1", owner: group.owner, location: group.location)
        }
        group.slots[position] = .node(node)
        group.members.append((position, node))
        if group.items[position].begins { group.running += 1 } else { group.awaited += 1 }
        if let outcome = nodes[node]?.outcome {
            slotEnded(id, position, outcome, by: node)
            return
        }
        nodes[node]?.waiters.append((id, position))
        if !group.items[position].begins { lookAgain(node) }
        if case .chain(_, let items, let onFailure) = group.items[position] {
            let chain = Group(
                .conclude(node), .list, owner: node, key: key, location: group.location, title: "chain", items: items)
            chain.limit = 1
            chain.onFailure = onFailure
            begin(chain)
        }
    }

    /// One of a group's nodes has ended.
    func slotEnded(_ id: GroupID, _ position: Int, _ outcome: Outcome, by node: NodeID) {
        guard let group = groups[id] else { return }
        markTaken(node)
        group.slots[position] = .done(outcome)
        if group.items[position].begins { group.running -= 1 } else { group.awaited -= 1 }
        group.postponed.remove(position)
        if group.shape == .any {
            complete(id, group, first: position)
            return
        }
        if case .values = outcome {
        } else if !group.onFailure.goesOn, !group.isFailing {
            group.isFailing = true
            if group.onFailure == .cancel {
                for case .node(let other) in group.slots { stop(other, .cancel) }
            }
        }
        restartPostponed()
        advance(id)
    }

    /// A group's time is up.
    func groupTimedOut(_ id: GroupID, after timeout: Duration) {
        guard let group = groups[id] else { return }
        group.timer = nil
        group.timedOutAfter = timeout
        noteTimeUp(of: group)
        if group.stopsOnTimeout {
            for case .node(let node) in group.slots { stop(node, .timeout) }
        } else {
            dropGroup(id)
            answer(group, .failure(timeoutError(group, timeout)))
        }
    }

    private func timeoutError(_ group: Group, _ timeout: Duration) -> ScriptError {
        ScriptError(
            .timeout, "\(group.title): not done " + (group.deadline.map { "by \($0)" } ?? "within \(timeout.short)"),
            running: mayBeRunning(group),
            location: group.location?.description)
    }

    /// Whether a job of any of the group's nodes may be running.
    private func mayBeRunning(_ group: Group) -> MayBeRunning {
        let all = group.members.map { mayBeRunning($0.node) }
        return all.contains(.yes) ? .yes : all.contains(.unknown) ? .unknown : .no
    }

    private func complete(_ id: GroupID, _ group: Group, first: Int? = nil) {
        dropGroup(id)
        if let timeout = group.timedOutAfter {
            // A `finally` that failed in what was stopped is told as well.
            let failures = group.members.filter { nodes[$0.node]?.stop != nil }.compactMap {
                nodes[$0.node].flatMap(failuresOfFinally(in:))
            }.flatMap { $0 }
            answer(group, .failure(([timeoutError(group, timeout)] + failures).joined ?? timeoutError(group, timeout)))
            return
        }
        switch group.shape {
        case .single: answer(group, outcome(of: group.slots[0], in: group))
        case .any: answer(group, outcomeOfAny(group, first ?? 0))
        case .list: answer(group, outcomeOfList(group))
        case .cancellation: answer(group, outcomeOfCancellation(group))
        }
    }

    private func answer(_ group: Group, _ outcome: Outcome) {
        switch group.completion {
        case .conclude(let node): conclude(node, outcome)
        case .attempt(let token):
            switch outcome {
            case .values(let values): vm.resume(token, returning: [true] + values)
            case .failure(let error): answer(token, failed: error, group)
            case .stopped: answer(token, failed: stoppedError(group), group)
            }
        case .block(let token, let function, let request):
            if case .values = outcome { return beginBlock(function, request, token, group) }
            raise(outcome, token, group)
        case .resume(let token):
            if case .values(let values) = outcome { return vm.resume(token, returning: values) }
            raise(outcome, token, group)
        }
    }

    private func raise(_ outcome: Outcome, _ token: LuaToken, _ group: Group) {
        let error = outcome.failure ?? stoppedError(group)
        if outcome.failure != nil { nodes[group.owner]?.received = error }
        vm.resume(token, throwing: error.luaError)
    }

    private func answer(_ token: LuaToken, failed error: ScriptError, _ group: Group) {
        nodes[group.owner]?.received = error
        let running = error.running == .no ? mayBeRunning(group) : error.running
        vm.resume(
            token, returning: [false, error.luaValue, running == .no ? false : running == .yes ? true : "unknown"])
    }

    private func stoppedError(_ group: Group) -> ScriptError {
        ScriptError(
            .cancelled, "\(group.title): what was waited for has been cancelled", running: mayBeRunning(group),
            location: group.location?.description)
    }

    /// A slot's outcome, as whoever waits sees it.
    private func outcome(of slot: Group.Slot, in group: Group) -> Outcome {
        switch slot {
        case .done(.stopped): .failure(stoppedError(group))
        case .done(let outcome): outcome
        case .absent, .waiting, .node: .values([false])
        }
    }

    private func outcomeOfAny(_ group: Group, _ first: Int) -> Outcome {
        switch outcome(of: group.slots[first], in: group) {
        case .values(let values): return .values([.integer(Int64(first + 1)), values.first ?? .nil])
        case .failure(var error):
            error.index = first + 1
            return .failure(error)
        case .stopped: return .stopped
        }
    }

    private func outcomeOfList(_ group: Group) -> Outcome {
        let outcomes = group.slots.map { outcome(of: $0, in: group) }
        let isCollecting = group.onFailure == .collect
        let entries = outcomes.enumerated().map { index, outcome in
            isCollecting ? entry(group.items[index].title, outcome) : value(of: outcome)
        }
        var list = LuaTable(list: entries)
        list.entries.append(("n", .integer(Int64(entries.count))))
        if isCollecting {
            let failed = zip(entries, outcomes).filter { $1.failure != nil }.map(\.0)
            list.entries.append(("failed", .table(LuaTable(list: failed))))
            return .values([.table(list)])
        }
        // Of items stopped because another failed, only the other is a cause.
        let stopped = group.slots.map { if case .done(.stopped) = $0 { true } else { false } }
        let failures = zip(outcomes, stopped).filter { !$1 }.compactMap(\.0.failure)
        let causes = failures.isEmpty ? outcomes.compactMap(\.failure) : failures
        guard !causes.isEmpty else { return .values([.table(list)]) }
        var error = ScriptError.joining(
            causes, title: group.title, of: group.slots.count, location: group.location?.description,
            results: .table(list))
        // One that was cancelled may go on as well.
        let running = mayBeRunning(group)
        if running != .no { error.running = running }
        return .failure(error)
    }

    private func value(of outcome: Outcome) -> LuaValue {
        if case .values(let values) = outcome { values.first ?? .nil } else { false }
    }

    private func entry(_ name: String, _ outcome: Outcome) -> LuaValue {
        let failure = outcome.failure
        return .table(
            LuaTable(fields: [
                "ok": .boolean(failure == nil),
                "name": .string(name),
                "value": failure == nil ? value(of: outcome) : .nil,
                "error": failure?.causeValue ?? .nil,
            ]))
    }

    private func outcomeOfCancellation(_ group: Group) -> Outcome {
        guard case .node(let node)? = group.items.first,
            let left = leftRunning.first(where: { isAncestor(node, of: $0) }), let step = steps[left]
        else { return .values([true]) }
        return .values([false, .string("job \(step.jobID?.text ?? "?") of \(step.title) still runs")])
    }
}
