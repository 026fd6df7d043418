import DataStudio
import LuaVM

/// The life of a step: start, watch, settle.
extension RunMachine {
    /// Begins a step.
    func beginStep(
        _ label: String, _ options: StepOptions, key: String, owner: NodeID?, location: LuaLocation?,
        phase: String? = nil
    ) -> NodeID {
        let id = addStep(
            label, options, server: options.server, key: key, owner: owner, location: location, phase: phase)
        skipUsedAttempts(id)
        report(id, .starting)
        beginAttempt(id)
        return id
    }

    /// Starts it, once it is known that this is wanted beside what runs.
    func beginAttempt(_ id: NodeID) {
        // A person may have said so of a step that was stopped while it was in doubt.
        guard nodes[id]?.stop == nil else { return endUnstarted(id) }
        if let approval = steps[id]?.approval { return askApproval(id, approval) }
        if let lock = steps[id]?.lock { return askLock(id, lock) }
        if steps[id]?.options.ifRunning ?? .start == .start { sendStart(id) } else { askIfRunning(id) }
    }

    /// Has the start made ready. It is written down when it can leave.
    func sendStart(_ id: NodeID) {
        guard let step = steps[id] else { return }
        steps[id]?.stage = .starting
        guard !waitsForLock(id) else { return }
        startsInFlight.insert(id)
        act(.start(id, server: step.server, start(of: step)))
    }

    func start(of step: Step) -> WorkflowStart {
        var start = step.options.start(label: step.label)
        if start.space == nil {
            let spaces = configuration.beginning.spaces
            start.space = step.server.flatMap { spaces[$0] ?? nil } ?? configuration.beginning.space
        }
        return start
    }

    /// What is written down before a start leaves.
    func intent(_ id: NodeID, _ readiness: StartReadiness) -> Intent {
        let step = steps[id]
        return Intent(
            request: .start(step.map { start(of: $0) } ?? WorkflowStart(label: "")), server: step?.server,
            title: step?.title ?? "", location: nodes[id]?.location?.description, gate: readiness.gate,
            serverTime: readiness.serverTime, evidence: readiness.evidence)
    }

    /// A start is taken, by the server's word or by other evidence.
    ///
    /// - Parameters:
    ///   - age: for how long the job had been there when that became known.
    ///   - isJoined: the job is somebody else's: several steps may have it.
    func accepted(_ id: NodeID, _ job: WatchedJob, age: Duration = .zero, isJoined: Bool = false) {
        startsInFlight.remove(id)
        if !isJoined { owners[JobKey(server: steps[id]?.server, job: job.identity.id)] = id }
        var job = job
        if isReplaying, let sight = sight(of: id), sight.job.id == job.identity.id {
            job.identity.learn(from: sight.job)
            job.successors = sight.successors
        }
        steps[id]?.attempt.open = nil
        steps[id]?.job = job
        steps[id]?.stage = .running
        steps[id]?.acceptedAt = context.now
        report(id, .accepted(job.identity.id, since: context.now + (.zero - age)))
        watch(id, job)
        answerStart(of: id)
        if let reason = nodes[id]?.stop { stopStep(id, reason) }
    }

    /// The call of `start` that waits for the step, if there is one, gets its handle.
    private func answerStart(of id: NodeID) {
        guard let token = steps[id]?.startToken else { return }
        steps[id]?.startToken = nil
        nodes[id]?.isHeld = true
        vm.resume(token, returning: [.handle(handle(of: id))])
    }

    func watch(_ id: NodeID, _ job: WatchedJob) {
        guard let step = steps[id] else { return }
        watched.insert(id)
        act(.watch(id, server: step.server, job))
        expect(id, step)
        if let timeout = step.options.timeout { setStepTimer(id, .stepTimeout(id), after: timeout) }
        if let maximum = step.options.maximum { setStepTimer(id, .stepLate(id), after: maximum) }
        if let maximum = step.options.queueMaximum { setStepTimer(id, .stepQueued(id), after: maximum) }
    }

    /// Keeps what earlier lives saw of the run's jobs. Call it before the log is replayed.
    package func recall(_ sights: [Sighting]) {
        for sight in sights { self.sights[sight.key, default: [:]][sight.attempt] = sight }
    }

    private func sight(of id: NodeID) -> Sighting? {
        guard let key = nodes[id]?.key, let attempt = steps[id]?.attempt.number else { return nil }
        return sights[key]?[attempt]
    }

    /// The server has shown a step's job for the first time.
    ///
    /// - Returns: the step's key and attempt; `nil` for a job that is not its own.
    package func sighted(_ id: NodeID, _ job: JobIdentity) -> (key: String, attempt: Int)? {
        guard let node = nodes[id], let step = steps[id], case .running = step.stage, step.jobID == job.id else {
            return nil
        }
        step.job?.identity.learn(from: job)
        step.job?.isFromReply = false
        return (node.key, step.attempt.number)
    }

    func expect(_ id: NodeID, _ step: Step) {
        guard let since = step.acceptedAt else { return }
        act(.expect(id, server: step.server, title: step.title, since: since))
    }

    func setStepTimer(_ id: NodeID, _ use: TimerUse, after duration: Duration) {
        let timer = setTimer(use, key: nodes[id]?.key ?? "", after: duration)
        steps[id]?.timers.append(timer)
    }

    func addWarning(_ id: NodeID, _ text: String) {
        steps[id]?.warnings.append(text)
        report(id, .warning(text))
        warnings.add("\(steps[id]?.title ?? ""): \(text)")
    }

    // MARK: Settling

    /// The server's part is over.
    func settled(_ id: NodeID, _ settlement: StepSettlement) {
        guard let step = steps[id] else { return }
        startsInFlight.remove(id)
        switch settlement {
        case .failed(let failure):
            if case .running = step.stage, !step.isForeign { leave(id, isFollowed: false) }
            fail(id, failure.kind, "\(step.title): \(failure.message)")
        case .finished(let job):
            unwatch(id)
            finished(id, job)
        }
    }

    /// A person says that it is done: it counts as completed.
    func succeedByHand(_ id: NodeID) {
        guard let step = steps[id] else { return }
        unwatch(id)
        let job = Job(id: step.jobID ?? JobID("-"), label: step.label, state: .completed)
        var result = StepResult(
            label: step.label, job: job, started: step.acceptedAt ?? context.now, finished: context.now,
            attempts: step.attempt.number, warnings: step.warnings, late: step.isLate || step.isQueuedLong)
        result.isByHand = true
        succeed(id, result)
    }

    private func finished(_ id: NodeID, _ job: Job) {
        guard let step = steps[id] else { return }
        if step.isForeign { noteEnd(of: job.id, on: step.server) }
        let seen = step.acceptedAt ?? context.now
        let finished = job.finished ?? context.now
        let result = StepResult(
            label: step.isForeign ? job.label ?? step.label : step.label, job: job,
            started: min(job.started ?? job.created ?? seen, finished),
            finished: finished, attempts: step.attempt.number, warnings: step.warnings,
            late: step.isLate || step.isQueuedLong)
        switch job.state {
        case .completed where nodes[id]?.stop == nil: check(id, result)
        case .completed: succeed(id, result)
        case .failed where step.isTimedOut, .cancelled where step.isTimedOut:
            fail(id, .timeout, timeoutMessage(step) + "; its job has been stopped", result)
        case .cancelled where nodes[id]?.stop != nil:
            report(
                id, .ended(.failed(kind: .cancelled, message: "\(step.title): cancelled", duration: result.duration)))
            end(id, .stopped)
        case .failed
        where nodes[id]?.stop == nil && !step.isOnlyFollowed && step.retries < step.options.retries ?? 0:
            pause(id, job)
        case .failed:
            fail(id, .failed, "\(step.title): the job FAILED" + (job.message.map { ": \($0)" } ?? ""), result)
        default:
            fail(id, .cancelled, "\(step.title): the job was cancelled on the server", result)
        }
    }

    func succeed(_ id: NodeID, _ result: StepResult) {
        report(id, .ended(.succeeded(result)))
        end(id, .values([result.luaValue]))
    }

    func fail(_ id: NodeID, _ kind: ErrorKind, _ message: String, _ result: StepResult? = nil) {
        guard let step = steps[id], let node = nodes[id] else { return }
        let jobRuns: MayBeRunning = result == nil && step.jobID != nil ? .yes : .no
        report(id, .ended(.failed(kind: kind, message: message, duration: result?.duration)))
        var error = ScriptError(
            kind, message, label: step.label, jobID: step.jobID?.text, running: jobRuns,
            state: (result?.job.state ?? step.stateAtTimeout)?.rawValue, location: node.location?.description,
            result: result?.luaValue)
        // A retry does nothing for a job of somebody else.
        if !step.isForeign { error.key = node.key }
        end(id, .failure(error))
    }

    func end(_ id: NodeID, _ outcome: Outcome) {
        unwatch(id)
        startsInFlight.remove(id)
        locks.starts.remove(id)
        steps[id]?.stage = .over
        // A person may say of a start in doubt that it is done.
        if case .values = outcome { answerStart(of: id) }
        if let token = steps[id]?.startToken {
            steps[id]?.startToken = nil
            if case .failure(let error) = outcome { vm.resume(token, throwing: error.luaError) }
            markTaken(id)
        }
        conclude(id, outcome)
    }

    func unwatch(_ id: NodeID) {
        if watched.remove(id) != nil { act(.unwatch(id, server: steps[id]?.server)) }
        seen(id)
        for timer in steps[id]?.timers ?? [] { cancelTimer(timer) }
        steps[id]?.timers = []
    }

    // MARK: Time and stopping

    /// The job takes longer than `max`: told at once, failed at its end.
    func stepIsLate(_ id: NodeID) {
        guard let step = steps[id], let maximum = step.options.maximum else { return }
        step.isLate = true
        tell(id, step, .running(maximum), "late")
    }

    /// The job is queued for longer than `queue_max`: told at once, failed at its end.
    func stepIsQueuedLong(_ id: NodeID) {
        guard let step = steps[id], let maximum = step.options.queueMaximum else { return }
        step.isQueuedLong = true
        tell(id, step, .queued(maximum), "queued")
    }

    private func tell(_ id: NodeID, _ step: Step, _ lateness: Lateness, _ name: String) {
        report(id, .late(lateness))
        ask(
            .told, key: "\(nodes[id]?.key ?? "")/\(name)#\(step.attempt.number)", server: nil,
            .late(title: step.title, lateness))
    }

    func stepTimedOut(_ id: NodeID) {
        guard let step = steps[id] else { return }
        if case .awaiting = step.stage { return step.lock == nil ? approvalTimedOut(id) : lockTimedOut(id) }
        guard case .running = step.stage else { return }
        steps[id]?.isTimedOut = true
        if step.options.cancelsOnTimeout == true, let job = step.jobID {
            cancelJob(of: id, job)
        } else {
            timeOut(id)
        }
    }

    /// Ends a step whose job goes on.
    private func timeOut(_ id: NodeID) {
        guard let step = steps[id] else { return }
        leave(id)
        fail(id, .timeout, timeoutMessage(step) + "; its job still runs")
    }

    private func timeoutMessage(_ step: Step) -> String {
        "\(step.title): not finished within its timeout of \(step.options.timeout?.short ?? "?")"
    }

    /// Stops a step whose task is stopped.
    func stopStep(_ id: NodeID, _ reason: StopReason) {
        guard let step = steps[id] else { return }
        if step.isForeign { return leaveForeign(id) }
        switch step.stage {
        case .starting:
            act(.withdraw(id, server: step.server))
            // One that may have left is looked at again when it is known what became of it.
            if !step.attempt.isOpen { endUnstarted(id) }
        case .awaiting:
            dropAwaited(id)
            endUnstarted(id)
        case .asking, .waiting, .held, .pausing: endUnstarted(id)
        case .looking, .running, .doubtful, .measuring, .checking, .over: break
        }
        guard case .running = step.stage, let job = step.jobID else { return }
        let cancels =
            switch reason {
            case .cancel: true
            case .timeout: step.options.cancelsOnTimeout == true
            case .end: false
            }
        if cancels {
            cancelJob(of: id, job)
        } else {
            leave(id)
            report(id, .ended(.leftRunning))
            end(id, .stopped)
        }
    }

    func endUnstarted(_ id: NodeID) {
        reportNotStarted(id)
        end(id, .stopped)
    }

    private func cancelJob(of id: NodeID, _ job: JobID) {
        guard let step = steps[id], let node = nodes[id] else { return }
        ask(.stopStep(id), key: "\(node.key)/cancel#1", server: step.server, .cancel(job))
    }

    /// The server's answer to cancelling a job because its step is stopped or out of time.
    func stopStepAnswered(_ id: NodeID, _ answer: Answer) {
        guard let step = steps[id], case .running = step.stage else { return }
        let reason: String
        switch answer {
        case .cancelled(true, _): return  // the watcher sees the job end
        case .cancelled(false, let why): reason = why
        case .failed(let failure): reason = failure.message
        case .job, .jobs, .workflows, .spaces, .dataset, .history, .http, .file, .files, .runs, .decision, .done,
            .doubtful:
            return
        }
        addWarning(id, "its job \(step.jobID?.text ?? "?") could not be cancelled: \(reason)")
        if step.isTimedOut {
            timeOut(id)
        } else {
            leave(id)
            report(id, .ended(.leftRunning))
            end(id, .stopped)
        }
    }

    /// The job goes on without us: it is listed at the end.
    ///
    /// - Parameter isFollowed: false for one of which nothing can be known.
    private func leave(_ id: NodeID, isFollowed: Bool = true) {
        unwatch(id)
        leftRunning.append(id)
        addWarning(id, "job \(steps[id]?.jobID?.text ?? "?") is left running")
        if isFollowed { followLeft(id) }
    }

    /// Whether a job of a step, or of one below the node, may be running.
    func mayBeRunning(_ id: NodeID) -> MayBeRunning {
        var result = MayBeRunning.no
        for (step, state) in steps where isAncestor(id, of: step) {
            switch state.stage {
            case .running: return .yes
            case .over where leftRunning.contains(step): return .yes
            case .starting, .doubtful: result = .unknown
            case .asking, .looking, .awaiting, .waiting, .held, .pausing, .measuring, .checking, .over: break
            }
        }
        return result
    }

    // MARK: What others see

    func description(of id: NodeID) -> StepDescription {
        let step = steps[id], node = nodes[id]
        var description = StepDescription(
            id: id, number: step?.number ?? 0, key: node?.key ?? "", label: step?.label ?? "", title: step?.title ?? "",
            phase: node?.phase,
            location: node?.location?.description, server: step?.server, jobID: step?.jobID, doubt: step?.doubt)
        description.isAwaited = isAwaitedByLine(id)
        description.kind = step?.kind ?? .start
        description.block = enclosingBlocks(id).last?.request.title
        return description
    }

    func report(_ id: NodeID, _ change: StepEvent.Change) {
        // Going on with ten thousand finished steps tells nobody of them.
        if isReplaying, !isNews, observe == nil { return }
        report(.step(StepEvent(step: description(of: id), change: change)))
    }

    /// The handle of a step that the server has accepted.
    func handle(of id: NodeID) -> LuaHandle {
        let step = steps[id]
        return LuaHandle(
            kind: HandleKind.job, id: Int64(id.number),
            fields: LuaTable(fields: [
                "label": LuaValue(step?.label),
                "name": LuaValue(step?.title),
                "job_id": LuaValue(step?.jobID?.text),
                "description": .string("job \(step?.jobID?.text ?? "?") (\(step?.title ?? ""))"),
            ]))
    }
}
