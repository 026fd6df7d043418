import DataStudio
import LuaVM

/// A session: lines come in one after the other, tasks and jobs go on behind them.
///
/// It is written down like every run and never replayed: of one whose process died, only what is open is taken up.
extension RunMachine {
    /// What a line is called in messages; its number is that in the whole session.
    private static let lineName = "repl"

    /// Begins the session: there is nothing to run yet.
    func beginSession() {
        report(.began(script: configuration.beginning.script, run: configuration.beginning.run, part: 1))
        let node = Node(id: root, owner: nil, content: .session, key: "", location: nil)
        node.defaults = (try? StepOptions(texts: configuration.beginning.defaults, vm)) ?? StepOptions()
        add(node)
        guard let function = try? vm.load("return _G", name: Self.lineName) else { return }
        vm.spawn(function)
        if case .ended(_, .returned(let values))? = vm.next() { session?.globals = values.first?.tableReference }
    }

    // MARK: Lines

    /// Somebody entered a text. One at a time: while a line runs, others are not taken.
    func enter(_ text: String) {
        guard let session, session.line == nil, nodes[root]?.conclusion == nil else { return }
        log("line#\(session.count + 1)", .line(text))
    }

    /// Runs what was entered.
    func beginLine(_ text: String) {
        guard var session else { return }
        defer { self.session = session }
        session.count += 1
        let above = session.height
        session.height += text.split(separator: "\n", omittingEmptySubsequences: false).count
        report(.line(text))
        guard !isReplaying else { return }
        session.end = LineEnd()
        session.kept = []
        session.stepsBefore = lastStep
        let code = SessionInput.isExpression(text) ? "return " + text : SessionCode.keepingLocals(text)
        do throws(LuaError) {
            let function = try vm.load(String(repeating: "\n", count: above) + code, name: Self.lineName)
            session.line = beginTask(function, [], key: "line#\(session.count)", owner: root, location: nil)
        } catch {
            session.end.error = ScriptError(.script, error.description)
            report(.lineEnded(session.end))
        }
    }

    /// Who owns what a caller begins and does not wait for: what a line begins belongs to the session.
    func owner(for caller: NodeID) -> NodeID { caller == session?.line ? root : caller }

    /// The line is over: its values, or what became of it, are told.
    func lineEnded(_ node: Node, _ outcome: Outcome) {
        guard var end = session?.end else { return }
        // What it set for what comes behind it.
        nodes[root]?.phase = node.phase
        nodes[root]?.takeDefaults(of: node)
        let kept = session?.kept.filter { nodes[$0]?.outcome == nil } ?? []
        switch outcome {
        case .values(let values):
            if let first = values.first {
                if !keepsLast {
                    vm.setGlobal("_", first)
                    if case .handle(let handle) = first { session?.last = [self.node(handle)].compactMap { $0 } }
                }
                end.values = values.map { shown($0) }
            }
        case .failure(let error): end.error = error
        case .stopped: end.isInterrupted = end.error == nil && end.end == nil
        }
        end.kept = kept.filter { steps[$0] != nil }.map { description(of: $0) }
        end.keptTasks = kept.filter { steps[$0] == nil }.map { nodes[$0]?.key ?? "" }
        if !kept.isEmpty { setLast(kept) }
        session?.line = nil
        session?.end = LineEnd()
        session?.kept = []
        nodes[root]?.failedChildren.removeAll { $0 == node.id }
        session?.failure = end.error ?? end.end?.error
        report(.lineEnded(end))
    }

    /// A task beside the lines is over: nobody waits for it who would be told.
    func taskEnded(_ node: Node, _ outcome: Outcome) {
        guard session != nil, node.owner == root, node.id != session?.line, !node.isTaken, case .task = node.content
        else { return }
        report(.taskEnded(name: node.key, location: node.location?.description, outcome.failure))
    }

    /// True if the line has only looked at something while what `_` stands for goes on.
    private var keepsLast: Bool {
        guard let session, session.stepsBefore == lastStep else { return false }
        return session.last.contains { nodes[$0]?.outcome == nil && nodes[$0] != nil }
    }

    /// `_` stands for these: `wait(_)` waits for them.
    private func setLast(_ nodes: [NodeID]) {
        let handles = nodes.map { id -> LuaValue in
            .handle(steps[id] == nil ? taskHandle(id) : handle(of: id))
        }
        session?.last = nodes
        vm.setGlobal("_", handles.count == 1 ? handles[0] : .table(LuaTable(list: handles)))
    }

    /// Stops the line, and keeps the jobs that it has begun: they belong to the session from here on. What has not left
    /// is not started.
    ///
    /// - Parameter error: why, if nobody wished it.
    func interruptLine(_ error: ScriptError? = nil) {
        guard let line = session?.line, nodes[line]?.stop == nil else { return }
        session?.end.error = error
        let tasks = Set(tasks.filter { isAncestor(line, of: $0.value) }.keys)
        var kept: [NodeID] = []
        for (id, step) in steps.sorted(by: { $0.key < $1.key }) where !step.isOver {
            let isAwaited = step.startToken.map { tasks.contains($0.task) } ?? false
            guard isAwaited || isAncestor(line, of: id) else { continue }
            step.startToken = nil
            if step.mayRun { kept.append(id) } else if isAwaited { stop(id, .end) }
        }
        for id in kept { giveToSession(id) }
        session?.kept = Set(kept + others(of: line)).sorted()
        stop(line, .end)
    }

    /// What goes on besides: what the line has begun and does not wait for, and what it waits for and has not begun.
    private func others(of line: NodeID) -> [NodeID] {
        let awaited = groups.values.filter { isAncestor(line, of: $0.owner) }.flatMap { group in
            group.members.filter { !group.items[$0.position].begins }.map(\.node)
        }
        let prefix = (nodes[line]?.key ?? "") + "/"
        let started = steps.filter { id, step in
            step.mayRun && nodes[id]?.owner == root && nodes[id]?.key.hasPrefix(prefix) == true
        }.map(\.key)
        return Set(awaited + started).filter { nodes[$0]?.outcome == nil && !isAncestor(line, of: $0) }.sorted()
    }

    private func giveToSession(_ id: NodeID) {
        guard let node = nodes[id] else { return }
        if let owner = node.owner { nodes[owner]?.openChildren.remove(id) }
        node.owner = root
        nodes[root]?.openChildren.insert(id)
        steps[id]?.isOnlyFollowed = true
    }

    /// `finish`, `skip` and `fail` end a script; here they end the line.
    ///
    /// - Returns: false if this is no session.
    func endLine(_ end: RunEnd, _ caller: NodeID) throws(ArgumentError) -> Bool {
        guard let line = session?.line else {
            if session != nil { throw ArgumentError("there is no line at the prompt that it could end") }
            return false
        }
        guard isAncestor(line, of: caller) else {
            throw ArgumentError("it would end the script: this task runs beside the line at the prompt")
        }
        session?.end.end = end
        stop(line, .end)
        return true
    }

    /// Nobody enters anything any more: the session is over when all that it began is.
    ///
    /// - Parameter raises: whether failures that nobody took are its own.
    func closeSession(raises: Bool) {
        guard session != nil, session?.line == nil else { return }
        if !raises { nodes[root]?.failedChildren = [] }
        if raises, let error = session?.failure { requestedEnd = RunEnd(status: RunStatus(error.kind), error: error) }
        // Nobody would see the ends of what a lost server has.
        let isLost = steps.contains { id, step in
            step.mayRun && !step.isInDoubt && !watched.contains(id) && !startsInFlight.contains(id)
        }
        if let lost = session?.lost, isLost { return leave(.interruption(lost)) }
        conclude(root, .values([]))
    }

    /// True if the session may use the server of that name.
    package func knows(server: String) -> Bool { configuration.beginning.spaces[server] != nil }

    /// From here on this is the server that steps and questions go to.
    func useServer(_ name: String) {
        guard session != nil, knows(server: name) else { return }
        session?.server = name
        nodes[root]?.defaults.server = name
    }

    /// A step is over while its job goes on: the session follows the job, as long as it goes on itself.
    func followLeft(_ left: NodeID) {
        guard session != nil, nodes[root]?.stop == nil, let step = steps[left], let job = step.job,
            let key = nodes[left]?.key
        else { return }
        let id = NodeID(number: number())
        add(Node(id: id, owner: root, content: .step, key: key + "/left", location: nodes[left]?.location))
        var options = StepOptions()
        options.name = step.title
        steps[id] = Step(number: nextStepNumber(), label: step.label, options: options, server: step.server)
        steps[id]?.isOnlyFollowed = true
        stepsByKey[key + "/left"] = id
        report(id, .starting)
        accepted(id, job)
    }

    // MARK: What the line cannot wait for

    /// A start is in doubt, and a person has to decide: a line that waits for it has to be left.
    func leaveDoubt(_ id: NodeID) {
        guard let step = steps[id], isOfLine(id) else { return }
        interruptLine(
            ScriptError(
                .protocol, "\(step.title): nobody knows whether it was started: \(step.doubt ?? "")", label: step.label,
                running: .unknown))
    }

    /// True if the line that runs waits for the step, or for a list that it is in.
    func isAwaitedByLine(_ id: NodeID) -> Bool {
        guard let line = session?.line, let waiters = nodes[id]?.waiters else { return false }
        return waiters.contains { waiter in groups[waiter.group].map { isAncestor(line, of: $0.owner) } ?? false }
    }

    /// True if the line began the step, or waits for it.
    private func isOfLine(_ id: NodeID) -> Bool {
        guard let line = session?.line else { return false }
        let caller = steps[id]?.startToken.flatMap { tasks[$0.task] }
        return isAncestor(line, of: id) || isAwaitedByLine(id) || (caller.map { isAncestor(line, of: $0) } ?? false)
    }

    /// Nothing is left that could end the line's wait.
    func leaveDeadlock() {
        // One that is stopped already would be left again and again.
        guard let line = session?.line, nodes[line]?.stop == nil else { return }
        interruptLine(ScriptError(.script, "every task waits for another: none of them can go on"))
        runTurn()
    }

    /// A server cannot be used. The session goes on: jobs are looked for again if it may come back. One that is closed is
    /// left, for another to take up.
    func serverLost(_ failure: StepFailure, _ server: String?) {
        guard nodes[root]?.conclusion == nil else { return leave(.interruption(failure)) }
        report(.log(level: .error, failure.message))
        let lost = watched.filter { steps[$0]?.server == server }.sorted()
        let isAwaited = lost.contains { isOfLine($0) }
        for id in lost {
            guard let step = steps[id], let job = step.watchedJob else { continue }
            act(.unwatch(id, server: step.server))
            if failure.kind == .unreachable {
                act(.watch(id, server: step.server, job))
            } else {
                watched.remove(id)
                session?.lost = failure
            }
        }
        if isAwaited { interruptLine(ScriptError(failure.kind, failure.message)) }
        runTurn()
    }

    /// A start that may have left cannot be looked for, as its server is lost. It is once somebody waits for it, or the
    /// session is taken up.
    ///
    /// - Returns: false if this is no session.
    func startLost(_ id: NodeID, _ failure: StepFailure) -> Bool {
        guard session != nil, leaving == nil, steps[id] != nil else { return false }
        startsInFlight.remove(id)
        session?.lost = failure
        guard nodes[root]?.conclusion == nil else {
            leave(.interruption(failure))
            return true
        }
        report(.log(level: .error, failure.message))
        if isOfLine(id) { interruptLine(ScriptError(failure.kind, failure.message, running: .unknown)) }
        runTurn()
        return true
    }

    /// What nobody looks at any more is looked at again once somebody waits for it. Nobody can wait for a doubt.
    func lookAgain(_ id: NodeID) {
        guard session != nil, let step = steps[id] else { return }
        if step.isInDoubt { return leaveDoubt(id) }
        if let job = step.watchedJob, watched.insert(id).inserted { act(.watch(id, server: step.server, job)) }
        if case .starting = step.stage, let open = step.attempt.open, startsInFlight.insert(id).inserted {
            act(.settle(id, server: step.server, open))
        }
    }

    // MARK: A session whose process died

    /// Goes through what was written down, without running any of it.
    func takeOfSession(_ record: Record) {
        context.now = record.at
        switch record.body {
        case .line(let text): beginLine(text)
        case .intent(let intent): followed(record, intent)
        case .settled(.finished(let job)) where stepsByKey[record.key] == nil:
            // It was waited for again, by a step that has no start of its own.
            for (id, step) in steps where step.jobID == job.id && !step.isOver { settled(id, .finished(job)) }
        case .void, .accepted, .ambiguous, .resolved, .settled:
            guard let id = stepsByKey[record.key], let step = steps[id], step.attempt.number == record.attempt,
                step.takes(record.body)
            else { return }
            try? act(on: record)
        case .began, .answered, .fired, .stopping, .expired, .limited, .restarted, .resumed, .retried, .ended: break
        }
    }

    /// A start that was about to leave is followed as a step of the session's own.
    private func followed(_ record: Record, _ intent: Intent) {
        guard case .start(let start) = intent.request else { return }
        let id: NodeID
        // Another attempt of one that is over is followed by itself: nobody reads here what led to it.
        if let known = stepsByKey[record.key], steps[known]?.isOver == false {
            id = known
        } else {
            id = NodeID(number: number())
            add(Node(id: id, owner: root, content: .step, key: record.key, location: nil))
            // All that another attempt would need, if a person wants one.
            var options = StepOptions()
            options.name = intent.title
            options.space = start.space
            options.version = start.version
            options.dependencies = start.dependencies
            options.refresh = start.refresh
            options.parameters = start.parameters
            options.sources = start.sources
            steps[id] = Step(number: nextStepNumber(), label: start.label, options: options, server: intent.server)
            steps[id]?.isOnlyFollowed = true
            stepsByKey[record.key] = id
            report(id, .starting)
        }
        guard let step = steps[id] else { return }
        step.attempt.number = record.attempt
        step.attempt.open = OpenAttempt(start, intent.readiness, at: record.at)
        step.stage = .starting
        startsInFlight.insert(id)
    }

    /// What is open is what people are told of, and what `_` stands for.
    func takeUpSession() {
        let open = steps.filter { !$0.value.isOver }.map(\.key).sorted()
        if !open.isEmpty { setLast(open) }
    }

    /// The steps that are open, in their order.
    package var openSteps: [StepDescription] {
        steps.filter { !$0.value.isOver }.map(\.key).sorted().map { description(of: $0) }
    }

    /// The tasks that go on beside the line, by their names and the lines that began them.
    package var openTasks: [(name: String, location: String?)] {
        nodes.filter { id, node in
            guard case .task = node.content else { return false }
            return node.outcome == nil && id != session?.line
        }.sorted { $0.key < $1.key }.map { ($0.value.key, $0.value.location?.description) }
    }
}
