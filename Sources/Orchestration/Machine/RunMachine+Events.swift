import DataStudio
import JSON
import LuaVM

/// What comes in: what it means for the run is written down, and delivered from there.
extension RunMachine {
    func receive(_ event: MachineEvent) {
        switch event {
        case .startWaits(let step, let reason): if knows(step) { report(step, .waiting(reason)) }
        case .lockWaits(let query, let reason): lockWaits(query, reason)
        case .lockFails(let key, let reason): lockFails(key, reason)
        case .startReady(let step, let readiness): startReady(step, readiness)
        case .startVoid(let step, let reason): startVoid(step, reason)
        case .startEnded(let step, let outcome): startEnded(step, outcome)
        case .serverFailed(let failure, let server) where session != nil && leaving == nil: serverLost(failure, server)
        case .serverFailed(let failure, _): leave(.interruption(failure))
        // A run that is left where it is learns what became of its starts, and nothing else.
        case _ where leaving != nil || isTurnCut: break
        case .jobSeen(let step, let job): jobSeen(step, job)
        case .jobLost(let step, let reason): jobLost(step, reason)
        case .watchFailed(let step, let failure): watchFailed(step, failure)
        case .timerFired(let timer): timerFired(timer)
        case .answered(let query, let answer): answered(query, answer)
        case .enter(let text): enter(text)
        case .useServer(let name): useServer(name)
        case .interruptLine:
            interrupter.taken()
            interruptLine()
            runTurn()
        case .closeSession(let raises): closeSession(raises: raises)
        case .cancelRun(let by, let runsFinally):
            if requestedEnd == nil || (!runsFinally && !isWithoutFinally) {
                log("", .stopping(by: by, runsFinally: runsFinally))
            }
        case .outOfTime(let limit): if requestedEnd == nil, outcome == nil { log("", .expired(after: limit)) }
        case .logGrows(let text): warn((waitingPlaces.first ?? line).map { "\($0): \(text)" } ?? text)
        case .logIsFull(let reason): if requestedEnd == nil || hasFinally, outcome == nil { log("", .limited(reason)) }
        case .decide(let key, let decision): decide(key, decision)
        case .resolve(let key, let resolution, let by): resolve(key, resolution, by)
        }
    }

    // MARK: Starts

    /// The start can leave: now it is written down that it does, unless nobody wants it any more.
    private func startReady(_ id: NodeID, _ readiness: StartReadiness) {
        guard let node = nodes[id], let step = steps[id] else { return }
        guard leaving == nil, node.stop == nil, case .starting = step.stage, !step.attempt.isOpen else {
            return act(.drop(id, server: step.server))
        }
        let intent = intent(id, readiness)
        append(node.key, step.attempt.number, .intent(intent))
        steps[id]?.attempt.open = OpenAttempt(start(of: step), readiness, at: now)
        act(.proceed(id, server: step.server))
    }

    private func startVoid(_ id: NodeID, _ reason: String) {
        guard let node = nodes[id], let step = steps[id], step.attempt.isOpen else { return }
        log(node.key, .void(reason: reason), attempt: step.attempt.number)
    }

    private func startEnded(_ id: NodeID, _ outcome: StartOutcome) {
        guard startsInFlight.contains(id), let node = nodes[id], let step = steps[id] else { return }
        let attempt = step.attempt.number
        switch outcome {
        case .accepted(let acceptance):
            let job = JobKey(server: step.server, job: acceptance.job)
            if let other = owners[job], other != id, case .running? = steps[other]?.stage {
                let reason = "the server answered with job \(acceptance.job), which is that of another step"
                return log(node.key, .ambiguous(Ambiguity(reason: reason)), attempt: attempt)
            }
            log(node.key, .accepted(acceptance), attempt: attempt)
        // Where it may have been started, no error may reach the script.
        case .failed(let failure)
        where failure.kind.interrupts && (step.options.raisesUnreachable != true || step.attempt.isOpen):
            if session != nil, !step.attempt.isOpen {
                return log(node.key, .settled(.failed(failure)), attempt: attempt)
            }
            if startLost(id, failure) { return }
            startsInFlight.remove(id)
            if !step.attempt.isOpen { reportNotStarted(id) }
            leave(.interruption(failure))
        case .failed(let failure): log(node.key, .settled(.failed(failure)), attempt: attempt)
        case .ambiguous(let ambiguity): log(node.key, .ambiguous(ambiguity), attempt: attempt)
        case .withdrawn:
            startsInFlight.remove(id)
            // Nobody has written down that it would leave: it is as if it had not been asked for.
            if step.attempt.isOpen {
                log(node.key, .void(reason: "it was withdrawn before it was sent"), attempt: attempt)
            } else {
                reportNotStarted(id)
            }
        case .held(let run):
            let reason = "whether run \(run) started \"\(step.label)\" has to be decided first: baton show \(run)"
            startsInFlight.remove(id)
            steps[id]?.stage = .held(by: run)
            steps[id]?.doubt = reason
            report(id, .ended(.doubtful(reason)))
            leaveDoubt(id)
            runTurn()
        }
    }

    func reportNotStarted(_ id: NodeID) {
        if let step = steps[id] { noteNotStarted(step) }
        report(id, .ended(.notStarted))
    }

    /// An approval is nothing to be started: the tree shows that nobody has decided.
    func noteNotStarted(_ step: Step) {
        if step.kind != .approval { notStarted.add(step.title) }
    }

    private func resolve(_ key: String, _ resolution: Resolution, _ by: String) {
        guard let id = stepsByKey[key], case .doubtful? = steps[id]?.stage else { return }
        log(key, .resolved(resolution, by: by), attempt: steps[id]?.attempt.number ?? 1)
    }

    // MARK: Jobs

    /// A watched job, as the server lists it.
    private func jobSeen(_ id: NodeID, _ job: Job) {
        guard watched.contains(id), let node = nodes[id], let step = steps[id] else { return }
        if case .waiting = step.stage {
            if job.state.isFinal { log(waitKey(id), .answered(.job(job))) }
        } else if job.state.isFinal {
            log(node.key, .settled(.finished(job)), attempt: step.attempt.number)
        } else {
            // That it runs goes without saying once it is accepted.
            let isNews = step.lastSeen?.name != job.stateName && (job.state != .running || step.lastSeen != nil)
            steps[id]?.lastSeen = (job.state, job.stateName, job.timeQueued)
            if isNews { report(id, .state(job.state, name: job.stateName)) }
            if job.state == .unknown, steps[id]?.reportedStates.insert(job.stateName).inserted == true {
                // Not a warning of the result: whether it is seen depends on when somebody looks.
                let text = Self.words(ofUnknownState: job)
                report(id, .warning(text))
                warnings.add("\(step.title): \(text)")
            }
        }
        seen(id)
    }

    private static func words(ofUnknownState job: Job) -> String {
        let known = "the server reports the unknown state \"\(job.stateName)\""
        guard let end = job.finished else { return "\(known): it counts as not finished" }
        return
            "\(known), and that the job ended at \(end.iso8601). It counts as not finished until the API description says "
            + "what it means, as  states: { \(JSON.string(job.stateName).jsonText): COMPLETED }"
    }

    /// The server does not know the job any more.
    private func jobLost(_ id: NodeID, _ reason: String) {
        guard watched.contains(id), let node = nodes[id], let step = steps[id] else { return }
        if case .waiting = step.stage {
            log(waitKey(id), .answered(.job(nil)))
        } else if step.isForeign {
            log(
                node.key, .settled(.failed(StepFailure(kind: .rejected, message: reason))), attempt: step.attempt.number
            )
        } else {
            log(node.key, .ambiguous(Ambiguity(reason: reason)), attempt: step.attempt.number)
        }
        seen(id)
    }

    /// Nothing can be known of the job any more.
    private func watchFailed(_ id: NodeID, _ failure: StepFailure) {
        guard watched.contains(id), let node = nodes[id], let step = steps[id] else { return }
        log(node.key, .settled(.failed(failure)), attempt: step.attempt.number)
        seen(id)
    }

    // MARK: Timers

    func setTimer(_ use: TimerUse, key: String, after duration: Duration) -> TimerID {
        let id = TimerID(number: number())
        let timerKey = ArmedTimer.Key(key: key, purpose: use.purpose)
        vm.charge(HostMemory.timer)
        timers[id] = ArmedTimer(use: use, key: timerKey, armed: context.now, duration: duration)
        timersByKey[timerKey] = id
        if unseen.isEmpty { act(.setTimer(id, after: duration)) }
        return id
    }

    func cancelTimer(_ id: TimerID) {
        guard removeTimer(id) != nil else { return }
        act(.cancelTimer(id))
    }

    /// The timer, which is set no longer.
    func removeTimer(_ id: TimerID) -> ArmedTimer? {
        guard let timer = timers.removeValue(forKey: id) else { return nil }
        timersByKey[timer.key] = nil
        vm.charge(-HostMemory.timer)
        return timer
    }

    private func timerFired(_ id: TimerID) {
        guard let timer = timers[id] else { return }
        if case .stepLate(let step) = timer.use, let rest = timeBeforeLate(step, timer) {
            return act(.setTimer(id, after: rest))
        }
        if case .stepQueued(let step) = timer.use {
            switch steps[step]?.lastSeen?.state {
            case .queued: break
            // The server has not told yet.
            case nil: return act(.setTimer(id, after: min(timer.duration, .seconds(10))))
            default:
                _ = removeTimer(id)
                return
            }
        }
        let state: JobState? =
            switch timer.use {
            case .stepTimeout(let step), .stepLate(let step): steps[step]?.lastSeen?.state
            case .stepQueued, .sleep, .group, .grace, .finally, .stepRetry: nil
            }
        log(timer.key.key, .fired(timer.key.purpose, state: state))
    }

    /// How much longer a job may take until it is late: as at its end, time that it was queued does not count.
    private func timeBeforeLate(_ id: NodeID, _ timer: ArmedTimer) -> Duration? {
        guard let maximum = steps[id]?.options.maximum, let seen = steps[id]?.lastSeen else { return nil }
        guard seen.state != .queued else { return maximum }
        let rest = maximum + seen.queued - (now - timer.armed)
        return rest > .zero ? rest : nil
    }

    // MARK: Questions

    func ask(_ use: QueryUse, key: String, server: String?, _ query: Query) {
        let id = QueryID(number: number())
        vm.charge(HostMemory.query)
        queries[id] = OpenQuery(use: use, key: key, server: server, query: query)
        queriesByKey[key] = id
        send(id)
    }

    /// Forgets a question: it has been answered, or nobody wants the answer any more.
    ///
    /// - Returns: `nil` if there is none of that key.
    func removeQuery(_ key: String) -> (id: QueryID, open: OpenQuery)? {
        guard let id = queriesByKey.removeValue(forKey: key), let open = queries.removeValue(forKey: id) else {
            return nil
        }
        vm.charge(-HostMemory.query)
        if case .lock(let request) = open.query { locks.remove(id, of: request.name) }
        return (id, open)
    }

    /// What is asked once is written down before.
    func send(_ id: QueryID) {
        guard !isReplaying, let open = queries[id] else { return }
        if open.query.isOnce {
            guard !open.isIntended else {
                return log(open.key, .answered(.doubtful("Baton was ended while it was on its way")))
            }
            append(open.key, 1, .intent(intent(of: open)))
            queries[id]?.isIntended = true
        }
        if case .lock(let request) = open.query {
            act(.lock(.wait(request, since: now)))
            return sendLocks(request.name)
        }
        act(.ask(id, server: open.server, open.query))
    }

    private func answered(_ id: QueryID, _ answer: Answer) {
        guard let open = queries[id] else { return }
        if case .failed(let failure) = answer, failure.kind.interrupts, !open.query.isOutside, session == nil {
            leave(.interruption(failure))
        } else {
            log(open.key, .answered(answer))
        }
    }
}

extension Job {
    /// How long it was queued, by the server's stamps; zero where they do not tell.
    fileprivate var timeQueued: Duration {
        guard let created, let started else { return .zero }
        return max(.zero, started - created)
    }
}
