import DataStudio
import JSON
import Orchestration
import SimulatedStudio

/// The invariants, numbered as in `docs/durability.md`.
extension World {
    /// A start leaves: its intent has to be durable, the only one that is open at its gate, and never used before.
    func judgeDeparture(of request: StudioRequest, _ id: Int) -> Truth.Attempt? {
        guard let run = processes[id]?.run, let label = request.body?["externalLabel"]?.text else { return nil }
        let parameters = request.body?["workflowParameters"]?.members?.map { $0.value.text ?? "" } ?? []
        let open = journal.attempts.filter { row in
            row.run == run && row.state == .open && row.label == label
                && row.open.start.parameters.map(\.value) == parameters
        }
        guard let row = open.last else {
            violations.append("2: a start of \(label) left before its intent was durable")
            return nil
        }
        let others = journal.attempts.filter { $0.state == .open && $0.intent.gate == row.intent.gate }
        if others.count > 1 { violations.append("10: \(others.count) starts of one gate (\(label)) are open") }
        for job in studio.jobs(at: now) where job.label == label && !job.state.isFinal {
            guard let owner = truth.jobs[Truth.MadeJob(id: job.id, created: job.created)],
                let row = journal.attempts.first(where: {
                    $0.run == owner.run && $0.key == owner.key && $0.attempt == owner.number
                }), row.job == job.id || row.candidates.contains(where: { $0.id == job.id })
            else { continue }
            let isAbandoned = journal.runs[row.run]?.fate == .abandoned
            // One whose process has died since the gate was taken is not seen any more.
            let isLeft =
                row.run != run && processes[id]?.left[label]?.contains(row.run) == true
                && locks["run \(row.run)"] == nil && row.state == .accepted
            if isAbandoned || isLeft || row.state == .left || left.contains(owner) || row.state == .dismissed {
                violations.append("4: \(label) starts while job \(job.id) runs, which run \(row.run) has left")
            }
        }
        judgeLimit(of: row)
        let attempt = Truth.Attempt(run: run, key: row.key, number: row.attempt, epoch: journal.restored)
        if !truth.sent.insert(attempt).inserted {
            violations.append("2: attempt \(row.attempt) of \(row.key) in run \(run) was sent twice")
        }
        note("\(run) sends \(label) for \(row.key)~\(row.attempt)")
        return attempt
    }

    /// The limit of a list holds, also for what a retry starts again.
    private func judgeLimit(of row: AttemptRow) {
        let list = "parallel_each#1["
        guard plan.isRetried, row.run == "r1", row.key.hasPrefix(list), journal.restored == 0,
            !plan.personIsCapricious, let limit = ScriptGenerator.limit(ofFailing: plan.seed / 8),
            // A job that another text of the script does not ask for runs on.
            !(journal.runs[row.run]?.part ?? []).contains(where: \.isRevision)
        else { return }
        let running = studio.jobs(at: now).filter { job in
            guard !job.state.isFinal, let owner = truth.jobs[Truth.MadeJob(id: job.id, created: job.created)] else {
                return false
            }
            return owner.run == row.run && owner.key != row.key && owner.key.hasPrefix(list)
        }
        if running.count >= limit {
            let jobs = running.map { "\($0.id)" }.joined(separator: ", ")
            violations.append("15: \(row.key) of run \(row.run) starts beside jobs \(jobs), and the limit is \(limit)")
        }
    }

    func judgeSchedule(_ id: Int) {
        guard let run = processes[id]?.run else { return }
        let intents = journal.runs[run]?.log.count { record in
            if case .intent(let intent) = record.body, case .once = intent.request { true } else { false }
        }
        truth.schedules[run, default: 0] += 1
        if journal.restored == 0, truth.schedules[run, default: 0] > intents ?? 0 {
            violations.append("2: a schedule was executed more often than it was written down")
        }
    }

    /// What leaves for other servers: once, if it changes something there.
    func carryOut(_ query: QueryID, _ effect: Query, _ id: Int) {
        guard let run = processes[id]?.run else { return }
        if case .approval(let approval) = effect { return ask(approval, of: run) }
        guard case .http(let call) = effect else { return answer(query, .done, to: id) }
        let intents = journal.runs[run]?.log.count { record in
            if case .intent(let intent) = record.body, case .once(effect) = intent.request { true } else { false }
        }
        truth.calls["\(run) \(call.url)", default: 0] += 1
        if journal.restored == 0, !call.isRead, truth.calls["\(run) \(call.url)", default: 0] > intents ?? 0 {
            violations.append("2: a request to another server was made more often than it was written down")
        }
        answer(query, .http(HTTPReply(status: 200)), to: id)
    }

    /// The server has made a job of ours.
    func made(_ job: Job, for attempt: Truth.Attempt) {
        if !truth.ids.insert(job.id).inserted { seen.insert("id reuse") }
        let running = studio.jobs(at: now).filter { other in
            guard !other.state.isFinal, other.id != job.id else { return false }
            let owner = truth.jobs[Truth.MadeJob(id: other.id, created: other.created)]
            return owner?.run == attempt.run && owner?.key == attempt.key && other.label == job.label
        }
        if !running.isEmpty {
            violations.append(
                "4: \(attempt.key) of run \(attempt.run) has jobs \(running.map(\.id)) and \(job.id) running")
        }
        judgeForgotten(attempt)
        judgeLocks(job, attempt)
        truth.jobs[Truth.MadeJob(id: job.id, created: job.created)] = attempt
    }

    /// A step whose job a journal that was set back has forgotten is not started again.
    private func judgeForgotten(_ attempt: Truth.Attempt) {
        let process = processes.values.first { $0.run == attempt.run }
        guard attempt.epoch > 0, plan.promisesRestored(goesOn: (process?.found ?? 0) > 0) else { return }
        let forgotten = studio.jobs(at: now).filter { job in
            truth.jobs[Truth.MadeJob(id: job.id, created: job.created)].map { $0.epoch < attempt.epoch } ?? false
        }
        for job in forgotten {
            guard let owner = truth.jobs[Truth.MadeJob(id: job.id, created: job.created)], owner.run == attempt.run,
                owner.key == attempt.key,
                !journal.attempts.contains(where: { row in
                    row.job == job.id && (plan.restores == false || (row.run == owner.run && row.key == owner.key))
                }),
                !isDecided(job.id, among: forgotten.map(\.id))
            else { continue }
            violations.append(
                "4: \(attempt.key) of run \(attempt.run) starts again, and the journal has forgotten job \(job.id)")
        }
    }

    /// One that a person has been told of is that person's to decide; each step in doubt has one of the jobs it may have.
    private func isDecided(_ job: JobID, among forgotten: [JobID]) -> Bool {
        let told = journal.attempts.filter { $0.candidates.contains { $0.id == job } }
        let jobs = Set(told.flatMap(\.candidates).map(\.id)).intersection(forgotten)
        return told.contains { $0.state != .ambiguous } || (!told.isEmpty && jobs.count <= told.count)
    }

    /// Records that are about to become durable.
    func judge(_ records: [Record], of run: String, _ process: Process?) {
        for record in records {
            if !Self.isKey(record.key) {
                violations.append("5: the key \(record.key) holds more than path, function and occurrence")
            }
            switch record.body {
            case .stopping where !cancelled.contains(run):
                violations.append("8: run \(run) is told to stop, and nobody cancelled it")
            case .fired(.timeout, _) where process?.hasHeard == false:
                // A step's timer; those of blocks and waits have keys of their own.
                let found = journal.runs[run]?.log.prefix(process?.found ?? 0) ?? []
                let last = journal.runs[run]?.log.last { $0.key == record.key && $0.body.kind == "accepted" }
                if let last, found.contains(where: { $0.sequence == last.sequence }) {
                    violations.append("11: \(record.key) of run \(run) ran out of time before its job was asked for")
                }
            default: break
            }
            guard case .intent = record.body else { continue }
            // A block that has timed out starts nothing more.
            let log = journal.runs[run]?.log ?? []
            let void = RunMachine.voidSequences(of: log)
            for case .fired(.timeout, _) in [log, records].joined()
                .filter({
                    $0.sequence < record.sequence && record.key.hasPrefix($0.key + "/") && !void.contains($0.sequence)
                        && !ScriptGenerator.isInFinally(record.key, of: $0.key + "/")
                }).map(\.body)
            { violations.append("7: \(record.key) of run \(run) starts after its block has timed out") }
        }
    }

    /// True for a path of functions, occurrences and positions, as `parallel#2[3]/execute#1`.
    static func isKey(_ key: String) -> Bool {
        // The path begins with the part of the run.
        if key.hasPrefix("@") {
            let rest = key.dropFirst().drop { $0.isNumber }
            return rest.isEmpty || (rest.first == "/" && isKey(String(rest.dropFirst())))
        }
        return key.isEmpty
            || key.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
                // What a session follows of a step that is over.
                if part == "left" { return true }
                let halves = part.split(separator: "#", omittingEmptySubsequences: false)
                guard halves.count == 2, halves[0].allSatisfy({ $0.isLetter || $0 == "_" || $0 == "." }) else {
                    return false
                }
                var rest = halves[1]
                let number = rest.prefix { $0.isNumber }
                rest = rest.dropFirst(number.count)
                while rest.first == "[" {
                    let position = rest.dropFirst().prefix { $0.isNumber }
                    guard !position.isEmpty, rest.dropFirst(position.count + 1).first == "]" else { return false }
                    rest = rest.dropFirst(position.count + 2)
                }
                return !number.isEmpty && rest.isEmpty
            }
    }

    /// What records claim, against the truth.
    func judgeTruth(of records: [Record], _ run: String) {
        for record in records {
            let attempt = Truth.Attempt(run: run, key: record.key, number: record.attempt, epoch: journal.restored)
            switch record.body {
            case .settled(.finished(let job)): judge(job, of: attempt)
            case .void:
                if truth.sent.contains(attempt) { seen.formUnion(["void"]) }
                for (job, owner) in truth.jobs where owner == attempt {
                    violations.append(
                        "9: \(record.key)~\(record.attempt) of run \(run) is void, and has made job \(job.id)")
                }
            case .accepted(let acceptance):
                if case .adopted = acceptance.source { seen.formUnion(["adopted", "doubtful"]) }
                let owners = truth.jobs.filter { $0.key.id == acceptance.job }.values
                // A disk that was set back does not know of runs that began later.
                let isForgotten = plan.restores == false && owners.contains { $0.epoch < attempt.epoch }
                if !isForgotten, !owners.contains(where: { $0.isSameStep(as: attempt) }) {
                    let who = owners.map { "\($0)" }.joined(separator: ", ")
                    let whose = truth.strangers.contains(acceptance.job) ? "a stranger's" : "of \(who)"
                    violations.append("4: \(attempt) got job \(acceptance.job), which is \(whose)")
                }
            case .ambiguous(let ambiguity):
                seen.formUnion(["ambiguous", "doubtful"])
                if plan.asksNobody {
                    violations.append("14: a person is asked about \(record.key) of run \(run): \(ambiguity.reason)")
                }
            case .retried: seen.insert("retry")
            default: break
            }
        }
    }

    /// A job that ended is the step's own, whatever has become of its id.
    private func judge(_ job: Job, of attempt: Truth.Attempt) {
        let isOwn = journal.attempts.contains {
            $0.run == attempt.run && $0.key == attempt.key && $0.attempt == attempt.number && $0.job == job.id
        }
        guard isOwn else { return }
        let owners = truth.jobs.filter { made, _ in
            made.id == job.id && studio.jobs(at: now).contains { $0.id == made.id && $0.created == made.created }
        }.values
        // A server that has just forgotten its jobs has told of this one before.
        guard !owners.isEmpty || studio.jobs(at: now).contains(where: { $0.id == job.id }) else { return }
        let isForgotten = plan.restores == false && owners.contains { $0.epoch < attempt.epoch }
        if !isForgotten, !owners.contains(where: { $0.isSameStep(as: attempt) }) {
            violations.append(
                "13: \(attempt.key) of run \(attempt.run) is settled by job \(job.id), which is another's")
        }
    }

    /// The whole log once more: the same script, the same requests, and what people saw is what it says.
    func judgeReplay(of id: String) {
        guard let run = journal.runs[id], case .began(let beginning)? = run.part.first?.body, !beginning.isSession
        else { return }
        if beginning.part.number > 1 { seen.insert("restart") }
        do {
            var printed: [String] = []
            for part in run.parts {
                guard case .began(let beginning)? = part.first?.body else { continue }
                let machine = try RunMachine(RunConfiguration(beginning), at: part[0].at)
                // The run itself has let go of what had ended.
                machine.releasesEnded = false
                try machine.replay(part) { event, _ in
                    if case .print(let text) = event { printed.append(text) }
                }
            }
            judgeFinally(of: id, printed)
            judgeDecisions(of: id, printed)
            var rest = printed[...]
            // A retry makes what was said in answer to the failure unsaid; what a journal has forgotten was said all the same.
            guard journal.restored == 0, !run.log.contains(where: { $0.body.kind == "retried" }) else { return }
            for line in output[id] ?? [] {
                guard let place = rest.firstIndex(of: line) else {
                    violations.append("5: run \(id) printed \"\(line)\" once too often, or out of order")
                    return
                }
                rest = rest[(place + 1)...]
            }
            for line in printed {
                for kind in ["unreachable", "auth", "protocol", "unsupported", "doubt"] where line.contains(kind) {
                    guard !line.contains("schedule"), !line.contains("not known") else { continue }
                    // A list that is refused is an answer to a question of the script.
                    if kind == "protocol", plan.refusesLists { continue }
                    if kind == "unsupported" && !plan.scenario.operations.contains(.cancelJob) { continue }
                    violations.append("8: run \(id) was told of \(kind): \(line)")
                }
                if line.contains("stopped") { violations.append("8: run \(id) was told that it is stopped") }
            }
        } catch {
            violations.append("6: the log of run \(id) does not replay: \(error)")
        }
        // Killed after any record, it asks for the same. Every death of a scenario tests that too: one in three is enough.
        guard plan.seed.isMultiple(of: 3) else { return }
        // Not with another script than it had then.
        let log = run.part
        let mended = log.lastIndex(where: \.isRevision)
        let cut = Int.random(in: ((mended ?? 0) + 1)...log.count, using: &random)
        do {
            let machine = try RunMachine(RunConfiguration(beginning), at: log[0].at)
            let actions = try machine.resume(Array(log.prefix(cut)), at: log[cut - 1].at)
            for case .settle(let step, _, let open) in actions {
                guard !journal.attempts.contains(where: { $0.run == id && $0.open.start == open.start }) else {
                    continue
                }
                violations.append("6: after record \(cut) run \(id) settles a start it never made (\(step))")
            }
        } catch {
            violations.append("6: after record \(cut) the log of run \(id) does not replay: \(error)")
        }
    }

    /// Every job of ours that runs is somebody's, or is looked for.
    func judgeJobs() {
        for job in studio.jobs(at: now) where !job.state.isFinal {
            guard let attempt = truth.jobs[Truth.MadeJob(id: job.id, created: job.created)] else { continue }
            let isNamed = journal.attempts.contains { row in
                row.run == attempt.run && row.key == attempt.key
                    && (row.job == job.id || row.candidates.contains { $0.id == job.id } || row.state == .open
                        || row.state == .ambiguous)
            }
            // Nobody can know of a start that a journal has forgotten, if the run ended before it came to it.
            let isForgotten =
                attempt.epoch < journal.restored
                && !journal.attempts.contains { $0.run == attempt.run && $0.key == attempt.key }
            if !isNamed, !isForgotten {
                violations.append("12: job \(job.id) of \(attempt.key) in run \(attempt.run) runs unnamed")
            }
        }
        if !locks.isEmpty, processes.isEmpty { violations.append("11: the dead hold \(locks.keys.sorted())") }
    }
}

extension Record {
    /// True if the run resumed with another text of its script from here on.
    var isRevision: Bool { if case .retried(let retrial) = body { retrial.isRevision } else { false } }
}
