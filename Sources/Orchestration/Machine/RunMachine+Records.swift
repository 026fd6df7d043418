import DataStudio
import LuaVM

/// What records do to a run: the same when they have just been made and when they are read from the journal.
extension RunMachine {
    /// Delivers a record. Whatever resumes a task comes through here.
    ///
    /// - Throws: when nothing waits for it.
    func deliver(_ record: Record) throws(ReplayError) {
        // Time stands still within a turn.
        let before = context.now
        if record.at > before {
            vm.timeHasMoved()
            context.now = record.at
        }
        do throws(ReplayError) {
            try act(on: record)
        } catch {
            context.now = before
            throw error
        }
    }

    func act(on record: Record) throws(ReplayError) {
        switch record.body {
        case .began, .intent, .resumed, .restarted, .ended: break
        case .line(let text): beginLine(text)
        case .void: voided(try step(of: record))
        case .accepted(let acceptance):
            let id = try step(of: record)
            accepted(id, job(of: acceptance, for: id), age: acceptance.age)
        case .ambiguous(let ambiguity): ambiguous(try step(of: record), ambiguity)
        case .resolved(let resolution, let by): resolved(try step(of: record), resolution, by)
        case .settled(let settlement): settled(try step(of: record), settlement)
        case .answered(let answer): try answered(record, answer)
        case .fired(let purpose, let state): try fired(record, purpose, state)
        case .stopping(let by, let runsFinally): stopping(by, runsFinally)
        case .expired(let limit): expired(limit)
        case .limited(let reason): limited(reason)
        case .retried(let retrial): retried(retrial)
        }
    }

    private func step(of record: Record) throws(ReplayError) -> NodeID {
        guard let id = stepsByKey[record.key], let step = steps[id], step.attempt.number == record.attempt,
            step.takes(record.body)
        else {
            throw ReplayError(
                "record \(record.sequence) (\(record.body.kind) of \(record.key), attempt \(record.attempt)) is about a "
                    + "step that the script has not asked for", current: line)
        }
        return id
    }

    /// Where the script is, for messages: the newest line that waits.
    var line: String? {
        nodes.values.filter { $0.outcome == nil && $0.location != nil }.max { $0.id < $1.id }?.location?.description
    }

    // MARK: Starts

    /// The attempt did certainly not happen. Another follows, unless nobody wants it any more.
    private func voided(_ id: NodeID) {
        steps[id]?.attempt.close()
        skipUsedAttempts(id)
        guard nodes[id]?.stop != nil || steps[id]?.isOnlyFollowed == true else {
            // Since the attempt left, the run had ended: the block around it has given its lock back.
            if waitsForLock(id) {
                act(.withdraw(id, server: steps[id]?.server))
                startsInFlight.remove(id)
            }
            return
        }
        if nodes[id]?.stop == nil { act(.withdraw(id, server: steps[id]?.server)) }
        startsInFlight.remove(id)
        reportNotStarted(id)
        end(id, .stopped)
    }

    /// What is known of the job that a start has made.
    private func job(of acceptance: Acceptance, for id: NodeID) -> WatchedJob {
        let evidence = steps[id]?.attempt.open?.readiness.evidence
        let user = evidence.flatMap { $0.isUserProven ? $0.user : nil }
        let identity = JobIdentity(
            acceptance.job, label: steps[id]?.label, user: acceptance.user ?? user, created: acceptance.created)
        var expected = identity
        expected.user = identity.user ?? evidence?.user
        return WatchedJob(
            identity, newest: evidence?.newest, expected: expected,
            isTrusted: evidence ?? StartEvidence() == StartEvidence(),
            isFromReply: acceptance.source == .reply && !isReplaying)
    }

    private func ambiguous(_ id: NodeID, _ ambiguity: Ambiguity) {
        startsInFlight.remove(id)
        unwatch(id)
        steps[id]?.stage = .doubtful
        steps[id]?.doubt = ambiguity.reason
        steps[id]?.candidates = ambiguity.candidates.map(\.id)
        report(id, .ended(.doubtful(ambiguity.reason)))
        leaveDoubt(id)
    }

    private func resolved(_ id: NodeID, _ resolution: Resolution, _ by: String) {
        steps[id]?.doubt = nil
        switch resolution {
        case .adopt(let job): accepted(id, WatchedJob(job, isTrusted: true))
        case .restart: restart(id)
        case .done:
            steps[id]?.attempt.open = nil
            succeedByHand(id)
        case .fail:
            // It is known now: a retry does not ask for it again.
            steps[id]?.attempt.open = nil
            let title = steps[id]?.title ?? ""
            fail(id, .failed, "\(title): \(by) says that it failed")
        }
    }

    // MARK: Timers and questions

    private func fired(_ record: Record, _ purpose: TimerPurpose, _ state: JobState?) throws(ReplayError) {
        let key = ArmedTimer.Key(key: record.key, purpose: purpose)
        guard let timer = timersByKey[key].flatMap({ removeTimer($0) }) else {
            throw ReplayError(
                "record \(record.sequence) is about a timer (\(purpose.rawValue) of \(record.key)) that the script has not "
                    + "set", current: line)
        }
        switch timer.use {
        case .sleep(let token): vm.resume(token, returning: [])
        case .stepTimeout(let step):
            steps[step]?.stateAtTimeout = state
            stepTimedOut(step)
        case .stepLate(let step): stepIsLate(step)
        case .stepQueued(let step): stepIsQueuedLong(step)
        case .stepRetry(let step): startAgain(step)
        case .group(let group, let timeout): groupTimedOut(group, after: timeout)
        case .grace(let task): graceEnded(task)
        case .finally(let task): finallyTimedOut(task)
        }
    }

    private func answered(_ record: Record, _ answer: Answer) throws(ReplayError) {
        if let (_, open) = removeQuery(record.key) { return answered(open, answer) }
        // The end of a job that a step waited for.
        if let id = waits[record.key], case .waiting? = steps[id]?.stage { return otherJobEnded(id) }
        throw ReplayError(
            "record \(record.sequence) answers a question (\(record.key)) that the script has not asked", current: line)
    }

    private func answered(_ open: OpenQuery, _ answer: Answer) {
        noteEnd(in: answer, to: open)
        noteFailure(of: open, answer)
        switch open.use {
        case .state(let token, let location, let handle): answerState(token, answer, location, handle, open.server)
        case .cancel(let token, let step): answerCancel(token, answer, step)
        case .history(let token):
            guard case .history(let steps) = answer else { break }
            vm.resume(token, returning: [.table(LuaTable(list: steps.map(\.luaValue)))])
        case .stopStep(let step): stopStepAnswered(step, answer)
        case .ifRunning(let step): ifRunningAnswered(step, answer)
        case .call(let token, let location, let function): answerCall(token, answer, location, function, open.server)
        case .usual(let step): usualAnswered(step, answer)
        case .stateOfOther(let token, let location, let wanted):
            if case .job(let job?) = answer, !wanted.isMeant(job) { return vm.resume(token, returning: [.nil]) }
            answerState(token, answer, location, nil, open.server)
        case .otherJob(let step): otherJobAnswered(step, answer)
        case .beforeCancel(let token, let job, let key): cancelIfMeant(token, job, key, answer)
        case .approval(let step): approvalAnswered(step, answer)
        case .lock(let step): lockAnswered(step, answer)
        case .lockAgain(let task): lockTakenAgain(task, answer)
        case .told: break
        }
    }

    private func answerState(
        _ token: LuaToken, _ answer: Answer, _ location: LuaLocation?, _ handle: LuaHandle?, _ server: String?
    ) {
        switch answer {
        case .job(nil) where handle != nil:
            let error = ScriptError(
                .protocol, "state: the server does not know the job", location: location?.description)
            vm.resume(token, throwing: error.luaError)
        case .job(nil): vm.resume(token, returning: [.nil])
        case .job(.some(let job)):
            let second = handle.map { LuaValue.handle($0) } ?? job.luaValue(of: server)
            vm.resume(token, returning: [.string(job.state.rawValue), second])
        case .failed(let failure):
            let error = ScriptError(failure.kind, "state: \(failure.message)", location: location?.description)
            vm.resume(token, throwing: error.luaError)
        case .jobs, .workflows, .spaces, .dataset, .history, .http, .file, .files, .runs, .cancelled, .decision, .done,
            .doubtful:
            break
        }
    }

    private func answerCancel(_ token: LuaToken, _ answer: Answer, _ step: NodeID?) {
        switch answer {
        case .cancelled(true, _), .job:
            // The script asked for it: the job's end is no failure of whoever owns it.
            if let step { markTaken(step) }
            vm.resume(token, returning: [true])
        case .cancelled(false, let reason): vm.resume(token, returning: [false, .string(reason)])
        case .failed(let failure): vm.resume(token, returning: [false, .string(failure.message)])
        case .jobs, .workflows, .spaces, .dataset, .history, .http, .file, .files, .runs, .decision, .done, .doubtful:
            break
        }
    }

    // MARK: The run

    private func stopping(_ by: String, _ runsFinally: Bool) {
        if !runsFinally { stopFinallys(.cancel) }
        end(
            RunEnd(status: .cancelled, error: ScriptError(.cancelled, "the run was cancelled by \(by)")),
            stopping: .cancel)
    }

    /// Jobs are left running: a retry waits for them.
    private func expired(_ limit: Duration) {
        end(
            RunEnd(
                status: .timeout, error: ScriptError(.timeout, "the run took longer than its limit of \(limit.short)")),
            stopping: .end)
    }

    /// Ends the run from outside, unless its end is settled already.
    private func end(_ end: RunEnd, stopping reason: StopReason) {
        guard requestedEnd == nil else { return }
        requestedEnd = end
        limitFinallys()
        stop(root, reason)
    }

    /// Its log is full. Jobs are left running: a retry waits for them.
    private func limited(_ reason: String) {
        if session != nil { return interruptLine(ScriptError(.limit, reason)) }
        // Its end is settled: there was a reserve, which is used up as well.
        if requestedEnd != nil { return stopFinallys(.timeout) }
        end(
            RunEnd(
                status: RunStatus(.limit), error: ScriptError(.limit, reason, location: waitingPlaces.first ?? line)),
            stopping: .end)
    }

    /// The run goes on: the steps that ended it start again, or are waited for again.
    ///
    /// Of a retry that was followed by another, from an earlier step on, some steps may not have been asked for any more: what
    /// it has led to for them is void.
    private func retried(_ retrial: Retrial) {
        countLimitsAnew()
        takeLocksAgain()
        func find(_ key: String) -> NodeID? {
            if stepsByKey[key] == nil, beginItem(of: key) { runTurn() }
            return stepsByKey[key].flatMap { steps[$0]?.isOver == false ? $0 : nil }
        }
        for key in retrial.again { find(key).map { postponeRestart(of: $0) } }
        orderPostponed()
        restartPostponed()
        for key in retrial.waits { find(key).map { waitAgain($0) } }
        for key in retrial.done { find(key).map { succeedByHand($0) } }
        for (key, job) in retrial.adopted.sorted(by: { $0.key < $1.key }) {
            find(key).map { accepted($0, WatchedJob(job, isTrusted: true)) }
        }
    }
}
