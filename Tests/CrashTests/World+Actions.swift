import DataStudio
import Orchestration
import Rehearsal
import SimulatedStudio

/// What a process asks for: commits, timers, gates, slots and requests.
extension World {
    func perform(_ actions: [ConductorAction], _ id: Int) {
        for action in actions {
            guard countStep(of: id) else { return }
            perform(action, id)
        }
    }

    private func perform(_ action: ConductorAction, _ id: Int) {
        guard let run = processes[id]?.run else { return }
        switch action {
        case .commit(let commit): queue.add(.durable(id, commit), at: now + delay(8))
        case .setFlush(let delay): queue.add(.process(id, .flush), at: now + delay)
        case .setTimer(let timer, let delay): queue.add(.process(id, .machine(.timerFired(timer))), at: now + delay)
        case .cancelTimer: break  // the run ignores it
        case .report(.print(let text)):
            output[run, default: []].append(text)
            note("run \(run) prints \(text)")
        case .report(.step(let event)):
            if case .retrying = event.change { seen.insert("retries") }
            note("run \(run): \(event.step.key) \(event.step.label): \(event.change)")
        case .recall(let query, _, _): queue.add(.process(id, .machine(.answered(query, .history([])))), at: now)
        case .recallCompleted(let query, _, _, _, _):
            // The same for all lives, and short for some of the jobs.
            let past = (0..<5).map {
                PastStep(started: Timestamp(milliseconds: $0), duration: .seconds(2), state: .completed)
            }
            queue.add(.process(id, .machine(.answered(query, .history(past)))), at: now + delay(3))
        case .carryOut(let query, let effect): carryOut(query, effect, id)
        case .report(.lineEnded): typeNext(id)
        case .takeLock(let query, let request):
            wantLock(query, request, id)
        case .dropLock(let query): processes[id]?.wanted.remove(query)
        case .recallRuns(let query, _): answer(query, .runs([]), to: id)
        case .report, .recallUsual: break
        case .finish(let end):
            note("run \(run) ends: \(end.status) \(end.error?.message ?? "")")
            judgeEnd(end, of: run)
            notRun[run] = end.notStarted.count { $0.hasPrefix("finally of ") }
            if end.status.isInterruption { journal.note(end.status, of: run, at: now) }
            if !end.suspicions.isEmpty { seen.insert("suspicion") }
            processes[id]?.steps = 0
            kill(id)
        case .server(let name, let action): perform(action, of: name, id)
        }
    }

    /// Somebody types the next line of a session, or closes it after the last.
    func typeNext(_ id: Int) {
        guard let process = processes[id] else { return }
        let line = process.lines.isEmpty ? nil : process.lines.removeFirst()
        queue.add(
            .process(id, .machine(line.map { .enter($0) } ?? .closeSession(raises: false))), at: now + delay(2000))
    }

    func answer(_ query: QueryID, _ answer: Answer, to id: Int) {
        queue.add(.process(id, .machine(.answered(query, answer))), at: now + delay(300))
    }

    private func perform(_ action: ServerAction, of name: String, _ id: Int) {
        switch action {
        case .takeGate(let step, let gate, let needsSlot, let earlier):
            queue.add(.gate(id, name, step, gate, needsSlot: needsSlot, since: earlier), at: now + delay(2))
        case .takeSlot(let step): takeSlot(id, step)
        case .leaveSlot(let step):
            processes[id]?.slots.removeValue(forKey: step).map { if locks[$0] == id { locks[$0] = nil } }
        case .leaveGate(let step):
            processes[id]?.gates.removeValue(forKey: step).map { names in
                for name in names where locks[name] == id { locks[name] = nil }
            }
        case .open(let exchange, let request):
            processes[id]?.opened["\(name) \(exchange.number)"] = request
            processes[id]?.dropped.remove("\(name) \(exchange.number)")
            let event: ServerEvent =
                studio.isDown(at: now) ? .ended(exchange, .unsent("refused")) : .opened(exchange, isBounded: true)
            queue.add(.process(id, .server(name, event)), at: now + delay(20))
        case .proceed(let exchange):
            guard let request = processes[id]?.opened.removeValue(forKey: "\(name) \(exchange.number)") else { return }
            let attempt = judgeDeparture(of: request, id)
            send(exchange, request, to: name, id, attempt: attempt)
        case .drop(let exchange):
            processes[id]?.opened["\(name) \(exchange.number)"] = nil
            processes[id]?.dropped.insert("\(name) \(exchange.number)")
        case .send(let exchange, let request):
            if request.operation == .executeSchedule { judgeSchedule(id) }
            send(exchange, request, to: name, id, attempt: nil)
        case .setTimer(let timer, let delay):
            queue.add(.process(id, .server(name, .fired(timer))), at: now + delay)
        case .readKey(let exchange): queue.add(.process(id, .server(name, .keyRead(exchange, key: nil))), at: now)
        case .settled(let step, let gate, let doubt, let verdict, let serverTime):
            queue.add(.settled(id, name, step, gate, doubt, verdict, serverTime), at: now + delay(8))
        case .predecessorOver(let other): journal.note(over: other)
        case .note(let text), .tell(let text), .suspect(let text): note(text)
        case .sighted, .deliver: break
        }
    }

    func state(of gate: Gate, for run: String, since earlier: Int64?) throws -> GateState {
        try journal.state(of: gate, for: run, since: earlier) { locks["run \($0)"] != nil }
    }

    /// Of all runs, so many jobs are in flight on the server at a time.
    @discardableResult
    private func takeSlot(_ id: Int, _ step: NodeID) -> Bool {
        guard let most = plan.maxParallel, processes[id]?.slots[step] == nil else { return true }
        guard let free = (1...most).first(where: { locks["slot \($0)"] == nil }) else { return false }
        locks["slot \(free)"] = id
        processes[id]?.slots[step] = "slot \(free)"
        return true
    }

    func takeGate(_ id: Int, _ name: String, _ step: NodeID, _ gate: Gate, needsSlot: Bool, since earlier: Int64?) {
        guard let process = processes[id] else { return }
        let again = now + .milliseconds(Int64.random(in: 20...400, using: &random))
        let lock = "gate \(gate.name)"
        let waits = Event.gate(id, name, step, gate, needsSlot: needsSlot, since: earlier)
        guard !needsSlot || takeSlot(id, step) else {
            seen.insert("slots")
            return queue.add(waits, at: again)
        }
        if locks[lock] != nil { seen.insert("waiting gate") }
        guard locks[lock] == nil, let state = try? state(of: gate, for: process.run, since: earlier) else {
            return queue.add(waits, at: again)
        }
        let runs = Set(state.doubts.map { "run \($0.run)" })
        guard runs.allSatisfy({ locks[$0] == nil }) else {
            seen.insert("two processes")
            return queue.add(waits, at: again)
        }
        for name in runs.union([lock]) { locks[name] = id }
        processes[id]?.gates[step] = runs.union([lock])
        let left = journal.runs.filter { $0.value.fate == .open && locks["run \($0.key)"] == nil }
        processes[id]?.left[gate.label] = Set(left.map(\.key))
        if !state.predecessors.isEmpty { seen.insert("job in the way") }
        if state.isRestored { seen.insert("restored") }
        queue.add(.process(id, .server(name, .gateTaken(step, gate, state))), at: now + delay(1))
    }
}
