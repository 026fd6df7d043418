package import DataStudio

/// Retrying a run that has ended: which steps ended it, and what of its log counts no more.
extension RunMachine {
    /// What a retry does, found by going through the log as if the steps that ended the run had not come to their ends:
    /// what the script did in answer to those counts no more.
    ///
    /// - Parameters:
    ///   - log: of a run that has ended.
    ///   - by: who wants it.
    ///   - done: labels, names or keys of steps that count as completed.
    ///   - adopted: jobs that somebody else started for steps.
    ///   - revision: another text of the script to go on with: it keeps what it asks for in the same way and order. The run
    ///     may then be one that was interrupted.
    /// - Throws: ``RetryError``, and ``ReplayError`` for a log the script does not follow.
    package static func planRetry(
        of log: [Record], _ configuration: RunConfiguration, by: String, done: [String] = [],
        adopted: [(step: String, job: JobID)] = [], revision: RunConfiguration? = nil
    ) throws -> RetryPlan {
        guard let first = log.first else { throw RetryError("the run has no log") }
        let ended = try RunMachine(configuration, at: first.at)
        ended.releasesEnded = false
        try ended.replay(log)
        let failed = ended.failedSteps
        guard !failed.isEmpty || revision != nil || ended.hasExpired else {
            throw RetryError(
                "no step's failure ended the run, so there is nothing to start again: mend the script, and go on with "
                    + "--with-current-script, or run it anew")
        }
        var retrial = Retrial(by: by)
        retrial.isRevision = revision != nil
        retrial.ending = (ended.requestedEnd?.error ?? ended.outcome?.failure)?.roots.first.map { root in
            (root.location.map { "\($0): " } ?? "") + String(root.message.prefix(longestEnding))
        }
        var plan = RetryPlan(retrial: retrial)
        func find(_ name: String) throws(RetryError) -> NodeID {
            let found = failed.filter { id in
                guard let step = ended.steps[id] else { return false }
                return [step.label, step.title, ended.nodes[id]?.key, String(step.number)].contains(name)
            }
            guard found.count < 2 else {
                throw RetryError("\"\(name)\" stands for more than one step: give its number")
            }
            guard let id = found.first else {
                let names = failed.map { "\"\(ended.steps[$0]?.title ?? "")\"" }.joined(separator: ", ")
                throw RetryError("\"\(name)\" is none of the steps that ended the run: \(names)")
            }
            return id
        }
        let doneSteps = Set(try done.map(find))
        var adoptedSteps: [NodeID: JobID] = [:]
        for (name, job) in adopted {
            let id = try find(name)
            guard !doneSteps.contains(id) else { throw RetryError("\"\(name)\" cannot be done and have a job as well") }
            guard adoptedSteps.updateValue(job, forKey: id) == nil else {
                throw RetryError("\"\(name)\" is given more than one job")
            }
        }
        guard Set(adoptedSteps.values).count == adoptedSteps.count else {
            throw RetryError("one job is given to more than one step")
        }
        let keys = Set(failed.compactMap { ended.nodes[$0]?.key })
        let (void, machine, unstopped) = try voided(in: log, configuration, revision, endsOf: keys)
        retrial.void = void
        let affected = failed + unstopped.sorted().compactMap { ended.stepsByKey[$0] }
        for id in affected {
            guard let step = ended.steps[id], let key = ended.nodes[id]?.key, machine.waits(asDid: ended, forStep: key)
            else {
                continue
            }
            let description = ended.description(of: id)
            if doneSteps.contains(id) {
                retrial.done.append(key)
                plan.done.append(description)
            } else if let job = adoptedSteps[id] {
                retrial.adopted[key] = JobIdentity(job, created: nil)
                plan.adopted.append((description, job))
            } else if step.isTimedOut, ended.leftRunning.contains(id) {
                retrial.waits.append(key)
                plan.waits.append(description)
            } else {
                retrial.again.append(key)
                plan.again.append(description)
            }
        }
        let named = Set(retrial.again + retrial.waits + retrial.done + retrial.adopted.keys)
        for (id, step) in machine.steps where step.isUnstarted {
            guard let key = machine.nodes[id]?.key, !named.contains(key), ended.stepsByKey[key] != nil else { continue }
            plan.further.append(machine.description(of: id))
        }
        plan.retrial = retrial
        if revision != nil {
            plan.dropped = try ended.dropped(by: machine, retrial)
            // What failed and has ended would start again anyway, and counts for nothing.
            plan.needsConsent = plan.dropped.contains { $0.isRunning || !failed.contains($0.step.id) }
        }
        return plan
    }

    /// Of the error that ended a run, so many characters are kept with its retry.
    private static let longestEnding = 300

    /// True if the run was ended from outside, by its time or by the size of its log: no step has failed.
    private var hasExpired: Bool { requestedEnd.map { [.timeout, RunStatus(.limit)].contains($0.status) } ?? false }

    /// The steps whose errors ended the run.
    private var failedSteps: [NodeID] {
        guard requestedEnd == nil, let error = outcome?.failure else { return [] }
        var found: [NodeID] = []
        for root in error.roots {
            let step = root.key.flatMap { stepsByKey[$0] } ?? failedStep(root)
            if let step, !found.contains(step) { found.append(step) }
        }
        return found.sorted()
    }

    /// The step of an error that went through the script: the last with its label and job, as servers give ids away again.
    private func failedStep(_ error: ScriptError) -> NodeID? {
        guard error.label != nil else { return nil }
        return steps.filter { id, step in
            step.label == error.label && step.jobID?.text == error.jobID && nodes[id]?.outcome?.failure != nil
        }.last?.key
    }

    /// The records nothing waits for once the steps with these keys have not ended.
    ///
    /// - Returns: those; the machine that has gone through all others; and the keys of the steps that ended because they were
    ///   stopped for what counts no more: their ends are void as well, unless they completed all the same.
    private static func voided(
        in log: [Record], _ configuration: RunConfiguration, _ revision: RunConfiguration?, endsOf keys: Set<String>
    ) throws -> ([Int], RunMachine, unstopped: Set<String>) {
        var unstopped: Set<String> = []
        let earlier = voidSequences(of: log)
        // The last record that ended each of them.
        var last: [String: Int] = [:]
        for record in log where !earlier.contains(record.sequence) {
            if let key = record.endedStep, keys.contains(key) { last[key] = record.sequence }
        }
        let ends = Set(last.values)
        var void: [Int] = []
        let machine = try RunMachine(revision ?? configuration, at: log[0].at)
        // It goes through all records, as the run did.
        let former = try RunMachine(configuration, at: log[0].at)
        for machine in [machine, former] {
            machine.releasesEnded = false
            machine.isReplaying = true
            machine.beginScript()
        }
        for record in log {
            guard !earlier.contains(record.sequence) else {
                machine.pass(record)
                former.pass(record)
                continue
            }
            var counts = !ends.contains(record.sequence) && !["ended", "expired", "limited"].contains(record.body.kind)
            if counts, record.isEndWithoutSuccess, former.isStopped(record.key), !machine.isStopped(record.key) {
                unstopped.insert(record.key)
                counts = false
            }
            if counts {
                do throws(ReplayError) {
                    if revision != nil, !machine.waitsAsDoes(former, for: record) {
                        throw ReplayError("it asks otherwise")
                    }
                    try machine.take(record)
                } catch {
                    counts = false
                }
            }
            try former.take(record)
            guard !counts else { continue }
            void.append(record.sequence)
            machine.pass(record)
        }
        return (void, machine, unstopped)
    }

    /// True if there is a step of that key, and it is being stopped.
    private func isStopped(_ key: String) -> Bool { stepsByKey[key].map { nodes[$0]?.stop != nil } ?? false }
}

extension Record {
    /// True for the end of a step that is no success.
    fileprivate var isEndWithoutSuccess: Bool {
        switch body {
        case .settled(.finished(let job)): job.state != .completed
        case .settled(.failed), .fired(.timeout, _), .resolved(.fail, _): true
        default: false
        }
    }

    /// The key of the step that it may have ended.
    fileprivate var endedStep: String? {
        switch body {
        case .settled, .fired(.timeout, _), .resolved(.fail, _): key
        // It was not started, as the workflow ran already, or took unusually long.
        case .answered:
            (key.firstRange(of: "/if_running#") ?? key.firstRange(of: "/usual#")).map { String(key[..<$0.lowerBound]) }
        default: nil
        }
    }
}
