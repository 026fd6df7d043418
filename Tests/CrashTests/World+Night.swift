import DataStudio
import Orchestration
import Rehearsal
import SimulatedStudio

/// The course of a scenario: lives, deaths, people who decide, and the end.
extension World {
    /// Runs it to its end.
    func night() {
        begin("r1", line: 0)
        for line in plan.scripts.indices.dropFirst() { begin("other\(line > 1 ? "\(line)" : "")", line: line) }
        run()
        var lives = 0
        var names = 1
        while let (id, line) = next(lives), violations.isEmpty {
            lives += 1
            if lives >= plan.ends.count + 2 { calm() }
            // Each start may need a person, and so another life.
            let hasParts = plan.scripts.contains { $0.contains("restart_with") }
            guard lives < plan.ends.count + (hasParts ? 80 : 40) else {
                violations.append("11: run \(id) does not end, however often it is gone on with")
                break
            }
            setClock()
            restore()
            // What was forgotten is begun anew by whoever is to do it.
            guard journal.runs[id]?.fate == .open || journal.runs[id] == nil else { continue }
            decide(id)
            if plan.givesUp, lives == 1, id == "r1", journal.runs[id]?.fate == .open {
                try? journal.abandon(id)
                names += 1
                note("run \(id) is given up")
                begin("r\(names)", line: line)
            } else {
                if lives < 8 { revise(id) }
                begin(id, line: line)
                if plan.startsBeside, lives == 1, id == "r1", journal.runs[id]?.status != .ambiguous {
                    names += 1
                    seen.insert("beside")
                    begin("r\(names)", line: line)
                }
                // resume --all
                if plan.resumesAll { for (other, run) in open where other != id { begin(other, line: run.line) } }
            }
            run()
            if journal.runs[id]?.fate == .ended, lives < 8 { revise(id) }
            if lives < 4 { retry(id) }
        }
        violations += journal.violations
        guard violations.isEmpty else { return }
        for id in journal.runs.keys.sorted() { judgeReplay(of: id) }
        judgeJobs()
        judgeLocksLeft()
        if !plan.strangers.isEmpty, seen.contains("doubtful") { seen.insert("foreign starter") }
        if plan.scenario.largestPage == 2, seen.contains("doubtful") { seen.insert("page cap") }
    }

    var open: [(key: String, value: WorldJournal.Run)] {
        journal.runs.filter { $0.value.fate == .open && locks["run \($0.key)"] == nil }.sorted { $0.key < $1.key }
    }

    /// The runs that are open take turns.
    private func next(_ turn: Int) -> (String, Int)? {
        let open = open
        guard !open.isEmpty else { return nil }
        let (id, run) = open[turn % open.count]
        return (id, run.line)
    }

    /// A person looks at the server, and says what became of steps in doubt.
    ///
    /// - Parameter isInTheWay: also of a run whose process died, as another has found that it cannot tell.
    func decide(_ id: String, isInTheWay: Bool = false) {
        guard let log = journal.runs[id]?.part, case .began(let beginning)? = log.first?.body,
            isInTheWay || journal.runs[id]?.status == .ambiguous,
            let machine = try? RunMachine(RunConfiguration(beginning), at: log[0].at), (try? machine.replay(log)) != nil
        else { return }
        for doubt in machine.doubts {
            let (resolution, jobs) = resolution(of: doubt, in: id)
            note("a person resolves \(doubt.step.key) of run \(id): \(resolution)")
            let at = log[log.count - 1].at
            do {
                try journal.resolve(doubt.step.key, attempt: doubt.attempt, resolution, of: id, at: at)
            } catch {
                // By what the server tells it is the job of another step: its id was given away again in the same minute.
                guard let job = jobs.last, job.state.isFinal else { continue }
                let word: Resolution = job.state == .completed ? .done : .fail
                note("the journal refuses it: \(error); a person resolves it: \(word)")
                try? journal.resolve(doubt.step.key, attempt: doubt.attempt, word, of: id, at: at)
            }
        }
    }

    /// The same, of a run whose process goes on.
    func decide(_ process: Process) {
        for doubt in process.conductor.look({ $0.doubts })
        where process.decided.insert("\(doubt.step.key)~\(doubt.attempt)").inserted {
            let (resolution, _) = resolution(of: doubt, in: process.run)
            note("a person resolves \(doubt.step.key) of run \(process.run), which goes on: \(resolution)")
            queue.add(
                .process(process.id, .machine(.resolve(key: doubt.step.key, resolution, by: "a person"))), at: now)
        }
    }

    /// What a person says, who sees what the server has; and the jobs there.
    private func resolution(of doubt: StepDoubt, in id: String) -> (Resolution, [Job]) {
        var jobs = jobs(of: doubt, in: id)
        if jobs.isEmpty {
            // What has been sent may still arrive.
            pass(.seconds(15))
            jobs = self.jobs(of: doubt, in: id)
        }
        // As the server tells it.
        let found = jobs.last.map { job in
            JobIdentity(
                job.id, label: job.label,
                created: studio.stamp(of: job.id, at: now).map {
                    $0...$0 + max(.seconds(1), plan.scenario.stamps.resolution)
                })
        }
        var resolution: Resolution = found.map { .adopt($0) } ?? .restart
        if plan.personIsCapricious, jobs.isEmpty || jobs.allSatisfy(\.state.isFinal) {
            resolution = [.done, .fail, resolution][Int.random(in: 0..<3, using: &random)]
        }
        return (resolution, jobs)
    }

    /// The jobs that a start in doubt has made; after the journal was set back, also those that it has forgotten.
    private func jobs(of doubt: StepDoubt, in run: String) -> [Job] {
        studio.jobs(at: now).filter { job in
            guard let owner = truth.jobs[Truth.MadeJob(id: job.id, created: job.created)] else { return false }
            return owner.run == run && owner.key == doubt.step.key
                && (owner.epoch < journal.restored || owner.number == doubt.attempt)
        }
    }

    /// Somebody retries a run that failed.
    private func retry(_ id: String) {
        guard plan.lines == nil || id != "r1", let run = journal.runs[id], run.fate == .ended,
            let status = run.status,
            [.failed, .check, .timeout].contains(status)
                || plan.isRetried && [.succeeded, .cancelled].contains(status),
            case .began(let beginning)? = run.part.first?.body,
            plan.isRetried && run.status != .succeeded || Int.random(in: 0..<3, using: &random) == 0
        else { return }
        // Long after, or while jobs that were left running go on.
        if plan.isRetried, Int.random(in: 0..<3, using: &random) > 0 {
            pass(.seconds(2 * Int64(ScriptGenerator.blockLimit)))
        }
        let from = self.plan.isRetried ? stepToRedo(run.part, isNeeded: run.status == .succeeded) : []
        // What has failed may have been cancelled by the script before the failure counted.
        let cancelsItself = self.plan.scripts[0].contains("cancel(t)")
        // A script that somebody has edited may be wrong by itself.
        let isEdited = run.part.contains(where: \.isRevision)
        do {
            var plan = try RunMachine.planRetry(of: run.part, RunConfiguration(beginning), by: "a person", from: from)
            let isEmpty =
                plan.steps.isEmpty && plan.further.isEmpty && plan.asked.isEmpty && plan.timed.isEmpty
            if from.isEmpty, [.failed, .check].contains(status), isEmpty, !cancelsItself, !waitsAgain(plan, run.part) {
                violations.append("15: the retry of run \(id), which failed, has nothing to start")
            }
            if !from.isEmpty {
                seen.insert("retry from a step")
                note("\(from) are done again")
            }
            if self.plan.isRetried, from.isEmpty, let key = plan.retrial.again.randomElement(using: &random),
                Int.random(in: 0..<4, using: &random) == 0
            {
                plan = try RunMachine.planRetry(
                    of: run.part, RunConfiguration(beginning), by: "a person", done: [key])
                seen.insert("retry of what is done")
                note("\(key) counts as done")
            }
            note("run \(id) is retried: \(plan.again.map(\.key)) again, \(plan.waits.map(\.key)) waited for")
            seen.insert("retry")
            judgeKept(plan, of: id, run.part)
            retried[id] = now
            try journal.retry(id, plan.retrial, at: wallClock)
        } catch let error as RetryError {
            if from.isEmpty, [.failed, .check].contains(status), !cancelsItself, !isEdited {
                violations.append("15: run \(id), which failed, cannot be retried: \(error)")
            }
        } catch {
            violations.append("6: run \(id) cannot be retried: \(error)")
        }
    }

    /// A step that had a job and that somebody wants to be done again, with what followed it.
    private func stepToRedo(_ log: [Record], isNeeded: Bool) -> [String] {
        guard isNeeded || Int.random(in: 0..<4, using: &random) == 0 else { return [] }
        let void = RunMachine.voidSequences(of: log)
        let accepted = log.compactMap { record -> String? in
            guard case .accepted = record.body else { return nil }
            return void.contains(record.sequence) ? nil : record.key
        }
        return [accepted.randomElement(using: &random)].compactMap { $0 }
    }

    /// True if the retry goes through a time again before it starts anything.
    private func waitsAgain(_ plan: RetryPlan, _ log: [Record]) -> Bool {
        let void = Set(plan.retrial.void)
        return log.contains { record in
            guard void.contains(record.sequence), case .fired(let purpose, _) = record.body else { return false }
            return purpose == .sleep || purpose == .timeout
        }
    }

    /// What has completed in an item of a list that nothing which is retried belongs to is not done again.
    private func judgeKept(_ plan: RetryPlan, of id: String, _ log: [Record]) {
        let retrial = plan.retrial
        let retried = retrial.again + retrial.waits + retrial.done
        for record in log where retrial.void.contains(record.sequence) && !retried.contains(record.key) {
            guard case .settled(.finished(let job)) = record.body, job.state == .completed, !retried.isEmpty,
                // What a scope has at its end runs again when the scope goes on, as after a stop that counts no more.
                !record.key.contains("finally#"),
                retried.allSatisfy({ ScriptGenerator.areIndependent($0, record.key) })
            else { continue }
            violations.append("15: the retry of \(retried) of run \(id) does \(record.key) again, which has completed")
        }
        if retried.count > 1 { seen.insert("retry of several") }
    }

    /// A retry ends for reasons of its own: a limit counts anew, and nothing waits for what was stopped before.
    func judgeEnd(_ end: RunEnd, of id: String) {
        let text = end.error?.message ?? ""
        if text.contains("waits for another") { violations.append("15: run \(id) waits for itself: \(text)") }
        if [.failed, .check, .cancelled].contains(end.status) { judgeAnnounced(of: id) }
        if [.failed, .check].contains(end.status) { judgeItems(of: end, id) }
        // One that was collected is kept. A clock that was set back for the retry alone makes time pass.
        // A journal that was set back may have forgotten the retry.
        let isShort =
            journal.restored == 0 && retried[id].map { now - $0 < .seconds(ScriptGenerator.blockLimit) } ?? false
        if isShort, plan.clockSteps.isEmpty, text.hasPrefix("timeout: not done within 1m 17s") {
            violations.append("15: a block of run \(id) had no time after the retry: \(text)")
        }
    }

    /// Of a list that goes on when an item fails, every item has begun.
    private func judgeItems(of end: RunEnd, _ id: String) {
        let log = journal.runs[id]?.part ?? []
        guard plan.isRetried, id == "r1", let wanted = ScriptGenerator.listThatGoesOn(ofFailing: plan.seed / 8),
            end.error?.message.hasPrefix("\(wanted.title): ") == true,
            !log.contains(where: { ["stopping", "expired", "limited"].contains($0.body.kind) }),
            // It is the last list of the script.
            let list = log.last(where: {
                $0.key.drop { $0 == "@" || $0.isNumber || $0 == "/" }.hasPrefix("\(wanted.function)#")
            })?
            .key.prefix(while: { $0 != "[" })
        else { return }
        for item in 1...wanted.items where !log.contains(where: { $0.key.hasPrefix("\(list)[\(item)]") }) {
            violations.append("16: item \(item) of \(list) of run \(id) was not begun, although the list goes on")
        }
        seen.insert("a list that goes on")
    }

    /// A run that fails after a retry has asked for something of what was to start again, unless another job has failed
    /// meanwhile.
    private func judgeAnnounced(of id: String) {
        let log = journal.runs[id]?.part ?? []
        guard let place = log.lastIndex(where: { $0.body.kind == "retried" }),
            case .retried(let retrial) = log[place].body, !retrial.again.isEmpty
        else { return }
        let later = log[place...].dropFirst()
        let isFromOutside = later.contains { ["stopping", "expired", "limited"].contains($0.body.kind) }
        let isBegun = later.contains { record in
            if case .settled = record.body { return true }
            return retrial.again.contains { record.key.hasPrefix($0) }
        }
        if !isFromOutside, !isBegun {
            violations.append("15: the retry of run \(id) has started none of \(retrial.again)")
        }
    }
}
