package import DataStudio

/// Retrying a run that has ended: which steps ended it, and what of its log counts no more.
extension RunMachine {
    /// What a retry does, found by going through the log as if the steps that ended the run, and those that are to be done
    /// again, had not come to their ends: what the script did in answer to those counts no more.
    ///
    /// - Parameters:
    ///   - log: of a run that has ended, or that was interrupted.
    ///   - by: who wants it.
    ///   - from: labels, names, numbers or keys of steps to start again, with all that followed them.
    ///   - done: labels, names, numbers or keys of steps that count as completed.
    ///   - adopted: jobs that somebody else started for steps.
    ///   - revision: another beginning of the run, for example with another text of the script. Steps count as long as the
    ///     script asks for them in the same way and order.
    /// - Throws: ``RetryError``, and ``ReplayError`` for a log the script does not follow.
    package static func planRetry(
        of log: [Record], _ configuration: RunConfiguration, by: String, from: [String] = [], done: [String] = [],
        adopted: [(step: String, job: JobID)] = [], revision: RunConfiguration? = nil
    ) throws -> RetryPlan {
        guard let first = log.first else { throw RetryError("the run has no log") }
        let ended = try RunMachine(configuration, at: first.at)
        ended.releasesEnded = false
        try ended.replay(log)
        let failed = ended.failedSteps
        let others = ended.otherFailuresThatEnded
        let redone = try ended.steps(toRedo: from)
        guard !failed.isEmpty || !others.isEmpty || !redone.isEmpty || revision != nil || ended.wasEndedFromOutside
        else {
            throw RetryError(
                "no failure that a retry could fix ended the run: correct the script, and go on with "
                    + "--with-current-script, name the step to go on from with --from, or run it anew")
        }
        var back = TakenBack(others: Set(others.map(\.key)))
        func voided(_ steps: [NodeID]) throws -> ([Int], RunMachine, unstopped: Set<String>) {
            back.steps = Set(steps.compactMap { ended.nodes[$0]?.key })
            return try Self.voided(in: log, configuration, revision, back)
        }
        var ending = failed + redone.filter { !failed.contains($0) }
        var (void, machine, unstopped) = try voided(ending)
        // What the script itself cancels before it could fail again keeps its end, or nothing behind that would count.
        let cancelled = failed.filter { id in
            !redone.contains(id) && ended.nodes[id]?.stop == nil && machine.isStopped(ended.nodes[id]?.key ?? "")
        }
        if revision == nil, !cancelled.isEmpty {
            ending.removeAll(where: cancelled.contains)
            guard !ending.isEmpty || !others.isEmpty else {
                throw RetryError(
                    "\(ended.place(cancelled[0])) has failed before the script cancelled it, and would be cancelled now: name the "
                        + "step to go on from with --from, or run it anew")
            }
            (void, machine, unstopped) = try voided(ending)
        }
        back.scopes = ended.scopesUndone(in: machine)
        var undone = ended.steps(undoneIn: back.scopes).filter { !ending.contains($0) }
        if !undone.isEmpty {
            (void, machine, unstopped) = try voided(ending + undone)
            // What is stopped all the same, by an error of the script itself, keeps its end.
            let stopped = undone.filter { machine.isStopped(ended.nodes[$0]?.key ?? "") }
            undone.removeAll(where: stopped.contains)
            ending += undone
            if !stopped.isEmpty { (void, machine, unstopped) = try voided(ending) }
        }
        let again = ending + unstopped.sorted().compactMap { ended.stepsByKey[$0] }
        let choice = try RetryChoice(among: again, of: ended, done: done, adopted: adopted)
        var plan = RetryPlan(retrial: Retrial(by: by, void: void))
        plan.asked = others.filter { !$0.isTime }.map(\.place)
        plan.timed = others.filter(\.isTime).map(\.place)
        plan.retrial.isRevision = revision != nil
        plan.retrial.ending = (ended.requestedEnd?.error ?? ended.outcome?.failure)?.roots.first.map { root in
            (root.location.map { "\($0): " } ?? "") + String(root.message.prefix(longestEnding))
        }
        for id in again {
            guard let key = ended.nodes[id]?.key, machine.waits(asDid: ended, forStep: key), !machine.isStopped(key)
            else { continue }
            plan.add(ended.description(of: id), choice, isLeft: ended.isLeftForLater(id))
            if ended.leftRunning.contains(id) { plan.mayRun[key] = ended.steps[id]?.jobID }
        }
        let decided = Set((plan.done + plan.adopted.map(\.step)).map(\.id))
        if let lost = (choice.done.union(choice.adopted.keys)).subtracting(decided).min() {
            throw RetryError(
                "\(ended.place(lost)) cannot be said to be done or to have a job: the script does not ask for it in the same way"
            )
        }
        // What follows a step that is done again counts no more by any text of the script.
        var expected = Set(failed + redone + undone)
        if revision != nil, !redone.isEmpty {
            let same = try Self.voided(in: log, configuration, nil, back).1
            expected.formUnion(try ended.dropped(by: same, plan.retrial).map(\.step.id))
        }
        try ended.judge(&plan, machine, redone, undone, expected: revision == nil ? nil : expected, log)
        return plan
    }

    /// True if its time was up while its job went on, which is waited for again.
    private func isLeftForLater(_ id: NodeID) -> Bool { steps[id]?.isTimedOut == true && leftRunning.contains(id) }

    /// Adds to a plan what follows from it for the other steps.
    ///
    /// - Parameters:
    ///   - machine: it has gone through what still counts.
    ///   - named: the steps that somebody wants to be done again.
    ///   - undone: those that are done again as their scope has taken them back.
    ///   - expected: the steps that count no more even if the script is the same; `nil` if it is.
    private func judge(
        _ plan: inout RetryPlan, _ machine: RunMachine, _ named: [NodeID], _ undone: [NodeID], expected: Set<NodeID>?,
        _ log: [Record]
    ) throws(RetryError) {
        let redone = named + undone
        let taken = Set(plan.steps.map(\.key))
        for (id, step) in machine.steps where step.isUnstarted {
            guard let key = machine.nodes[id]?.key, !taken.contains(key), stepsByKey[key] != nil else { continue }
            plan.further.append(machine.description(of: id))
        }
        guard expected != nil || !redone.isEmpty else { return }
        plan.dropped = try dropped(by: machine, plan.retrial)
        // What failed and has ended would start again anyway, and counts for nothing.
        let unexpected = plan.dropped.filter { step, isRunning in
            expected.map { !$0.contains(step.id) || isRunning && redone.isEmpty } ?? false
        }
        if !unexpected.isEmpty {
            let names = unexpected.prefix(Self.mostNames).map(\.step.title).joined(separator: ", ")
            let more = unexpected.count > Self.mostNames ? " and \(unexpected.count - Self.mostNames) more" : ""
            plan.consents.append("the script does not ask for all that was done: \(names)\(more)")
        }
        guard let first = redone.first else { return }
        if let stopped = named.first(where: { machine.isStopped(nodes[$0]?.key ?? "") }) {
            throw RetryError(
                "\(place(stopped)) cannot be done again by itself: it is stopped, by another step that has failed or by the "
                    + "script's end; name the step that leads to that as well")
        }
        let started = taken.union(plan.further.map(\.key))
        // A person may have said that what was taken back is done.
        let isDone =
            named.isEmpty
            || named.contains { id in
                guard let key = nodes[id]?.key, started.contains(key) else { return false }
                return machine.stepsByKey[key].flatMap { machine.steps[$0] }?.label == steps[id]?.label
            }
        guard isDone else {
            if let done = named.first(where: { Self.isCountedDone(nodes[$0]?.key ?? "", in: log) }) {
                throw RetryError(
                    "\(place(done)) cannot be done again by itself, as a retry has counted it as done: name a step before it, "
                        + "or run the script anew")
            }
            throw RetryError(
                "\(place(first)) cannot be done again: "
                    + (expected == nil
                        ? "the script does not come to it in the same way"
                        : "the script asks for something else before it; name the first step that changes"))
        }
        // A task that goes on beside it and asks for something else than before has used a result that counts no more.
        // By another text it may ask for something else anyway.
        for step in expected == nil ? plan.further : []
        where stepsByKey[step.key].flatMap({ steps[$0] })?.hasHadJob == true {
            throw RetryError(
                "\(step.place) runs beside \(place(first)) and depends on it: name an earlier step, which both follow")
        }
        if expected == nil, let step = strayed(machine) {
            throw RetryError(
                "\(place(step)) has used a result of \(place(first)): name an earlier step, which both follow")
        }
        plan.repeated = Self.repeated(plan.retrial.void, log)
        if !plan.repeated.isEmpty { plan.consents.append("\(plan.repeated.joined(separator: ", ")) may be sent again") }
    }

    /// True if a person has said with a retry that the step is done.
    private static func isCountedDone(_ key: String, in log: [Record]) -> Bool {
        log.contains { if case .retried(let retrial) = $0.body { retrial.done.contains(key) } else { false } }
    }

    /// How many steps are named where somebody has to agree.
    private static let mostNames = 5

    /// A step of a task that has come to another end now, beside the steps that are done again: it has used a result that counts
    /// no more.
    private func strayed(_ machine: RunMachine) -> NodeID? {
        let ended = Set(machine.nodes.values.lazy.filter { $0.outcome != nil && $0.stop == nil }.map(\.key))
        return steps.first { id, step in
            guard step.hasHadJob, let node = nodes[id], machine.stepsByKey[node.key] == nil,
                let owner = node.owner.flatMap({ nodes[$0] })
            else { return false }
            return ended.contains(owner.key)
        }?.key
    }

    private func place(_ id: NodeID) -> String { description(of: id).place }

    /// What was sent once and counts no more.
    private static func repeated(_ void: [Int], _ log: [Record]) -> [String] {
        let void = Set(void)
        return log.compactMap { record in
            guard void.contains(record.sequence), case .intent(let intent) = record.body,
                case .once(let query) = intent.request
            else { return nil }
            let place = intent.location.map { " (\($0))" } ?? ""
            return switch query {
            case .http(let call): "\(call.method) \(call.url)\(place)"
            case .executeSchedule(let label): "the schedule \(label)\(place)"
            default: nil
            }
        }
    }

    /// The steps that people mean by labels, names, numbers or keys, and that have ended.
    private func steps(toRedo names: [String]) throws(RetryError) -> [NodeID] {
        var found: [NodeID] = []
        for name in names {
            let id = try step(named: name)
            guard let step = steps[id] else { continue }
            guard !step.isForeign else {
                throw RetryError("\(place(id)) is only waited for: name a step before it")
            }
            guard step.lock == nil else { throw RetryError("\(place(id)) is no workflow: name a step in its block") }
            guard !step.isInDoubt else {
                throw RetryError("it is not known whether \(place(id)) was started: resolve the step first")
            }
            guard !step.attempt.isOpen else {
                throw RetryError("it is not known yet whether \(place(id)) was started: baton resume finds out")
            }
            let hasEnd =
                switch nodes[id]?.outcome {
                case .values, .failure: true
                case .stopped, nil: false
                }
            guard !step.isUnstarted, step.hasHadJob || hasEnd else {
                throw RetryError("\(place(id)) was not started: a plain retry starts it")
            }
            guard step.isOver else {
                throw RetryError(
                    outcome == nil
                        ? "\(place(id)) has not ended: baton resume waits for it"
                        : "\(place(id)) had not ended when the run did: nobody has waited for it")
            }
            if !found.contains(id) { found.append(id) }
        }
        return found.sorted()
    }

    /// True if people may mean the step by that label, name, number or key.
    func isStep(_ id: NodeID, named name: String) -> Bool {
        guard let step = steps[id] else { return false }
        return [step.label, step.title, nodes[id]?.key, String(step.number)].contains(name)
    }

    private func step(named name: String) throws(RetryError) -> NodeID {
        let found = steps.filter { id, _ in isStep(id, named: name) }
        guard found.count < 2 else {
            throw RetryError(severalSteps: name, found.map(\.value.number))
        }
        guard let id = found.first?.key else {
            let near = Spelling.nearest(to: name, among: steps.map(\.value.title))
            throw RetryError("there is no step \"\(name)\"" + (near.map { ": did you mean \"\($0)\"?" } ?? ""))
        }
        return id
    }

    /// Of the error that ended a run, so many characters are kept with its retry.
    private static let longestEnding = 300

    /// The keys of scopes that go on and whose work a function of `finally` has taken back.
    ///
    /// - Parameter machine: it has gone through what still counts.
    private func scopesUndone(in machine: RunMachine) -> [String] {
        let open = Set(machine.nodes.values.filter { $0.conclusion == nil }.map(\.key))
        return undone.compactMap { nodes[$0]?.key }.filter(open.contains)
    }

    /// The steps of those scopes that have ended and had jobs.
    private func steps(undoneIn scopes: [String]) -> [NodeID] {
        let scopes = undone.filter { scopes.contains(nodes[$0]?.key ?? "") }
        guard !scopes.isEmpty else { return [] }
        return steps.filter { id, step in
            step.isOver && step.hasHadJob && enclosingFinally(id) == nil
                && !step.isForeign && scopes.contains { isAncestor($0, of: id) }
        }.map(\.key).sorted()
    }

    /// True if the run was ended from outside, by a person, its time or the size of its log: no step has failed.
    private var wasEndedFromOutside: Bool {
        requestedEnd.map { [.timeout, .cancelled, RunStatus(.limit)].contains($0.status) } ?? false
    }

    /// The steps whose errors ended the run.
    private var failedSteps: [NodeID] {
        var found: [NodeID] = []
        for root in endingErrors {
            if let step = step(of: root), !found.contains(step) { found.append(step) }
        }
        return found.sorted()
    }

    /// The errors that ended the run.
    var endingErrors: [ScriptError] {
        let errors = requestedEnd == nil ? [outcome?.failure].compactMap { $0 } : finallyErrors
        return errors.flatMap(\.roots)
    }

    /// The step whose error it is.
    func step(of root: ScriptError) -> NodeID? { root.key.flatMap { stepsByKey[$0] } ?? failedStep(root) }

    /// The step of an error that went through the script: the last with its label and job, as servers give ids away again.
    private func failedStep(_ error: ScriptError) -> NodeID? {
        guard error.label != nil else { return nil }
        return steps.filter { id, step in
            !step.isForeign && step.label == error.label && step.jobID?.text == error.jobID
                && nodes[id]?.outcome?.failure != nil
        }.last?.key
    }
}
