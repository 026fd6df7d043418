import DataStudio
import LuaVM

/// What comes in: each event becomes a record, and the record is delivered.
extension RunMachine {
    func receive(_ event: MachineEvent) {
        switch event {
        case .startQueued(let step, let limit): startQueued(step, limit: limit)
        case .startEnded(let step, let outcome): startEnded(step, outcome)
        case .jobSeen(let step, let job): jobSeen(step, job)
        case .jobLost(let step, let reason): jobLost(step, reason)
        case .watchFailed(let step, let failure): watchFailed(step, failure)
        case .timerFired(let timer): timerFired(timer)
        case .answered(let query, let answer): answered(query, answer)
        case .serverFailed(let failure): interrupt(failure)
        }
    }

    // MARK: Timers

    func setTimer(_ use: TimerUse, after duration: Duration) -> TimerID {
        let id = TimerID(number: number())
        timers[id] = use
        act(.setTimer(id, after: duration))
        return id
    }

    func cancelTimer(_ id: TimerID) {
        if timers.removeValue(forKey: id) != nil { act(.cancelTimer(id)) }
    }

    private func timerFired(_ id: TimerID) {
        guard let use = timers.removeValue(forKey: id) else { return }
        switch use {
        case .sleep(let key, let token):
            record(key, .fired(.sleep))
            vm.resume(token, returning: [])
        case .stepTimeout(let step):
            record(nodes[step]?.key ?? "", .fired(.timeout))
            stepTimedOut(step)
        case .stepLate(let step):
            record(nodes[step]?.key ?? "", .fired(.late))
            stepIsLate(step)
        case .group(let group, let key, let timeout):
            record(key, .fired(.timeout))
            groupTimedOut(group, after: timeout)
        }
    }

    // MARK: Questions

    func ask(_ use: QueryUse, server: String?, _ query: Query) {
        let id = QueryID(number: number())
        queries[id] = use
        act(.ask(id, server: server, query))
    }

    private func answered(_ id: QueryID, _ answer: Answer) {
        guard let use = queries.removeValue(forKey: id) else { return }
        if case .failed(let failure) = answer, failure.kind.interrupts {
            interrupt(failure)
            return
        }
        switch use {
        case .state(let token, let key, let location, let handle):
            record(key, .answered(answer))
            answerState(token, answer, location, handle)
        case .cancel(let token, let key, let step):
            record(key, .answered(answer))
            answerCancel(token, answer, step)
        case .stopStep(let step):
            record(nodes[step]?.key ?? "", .answered(answer))
            stopStepAnswered(step, answer)
        case .ifRunning(let step):
            record(nodes[step]?.key ?? "", .answered(answer))
            ifRunningAnswered(step, answer)
        case .studio(let token, let key, let location, let function):
            record(key, .answered(answer))
            answerStudio(token, answer, location, function)
        }
    }

    private func answerState(_ token: LuaToken, _ answer: Answer, _ location: LuaLocation?, _ handle: LuaHandle?) {
        switch answer {
        case .job(nil): vm.resume(token, returning: [.nil])
        case .job(.some(let job)):
            let second = handle.map { LuaValue.handle($0) } ?? job.luaValue
            vm.resume(token, returning: [.string(job.state.rawValue), second])
        case .failed(let failure):
            let error = ScriptError(failure.kind, "state: \(failure.message)", location: location?.description)
            vm.resume(token, throwing: error.luaError)
        case .jobs, .workflows, .spaces, .dataset, .cancelled, .done, .doubtful: break
        }
    }

    private func answerCancel(_ token: LuaToken, _ answer: Answer, _ step: NodeID) {
        switch answer {
        case .cancelled(true, _), .job:
            // The script asked for it: the job's end is no failure of whoever owns it.
            markTaken(step)
            vm.resume(token, returning: [true])
        case .cancelled(false, let reason): vm.resume(token, returning: [false, .string(reason)])
        case .failed(let failure): vm.resume(token, returning: [false, .string(failure.message)])
        case .jobs, .workflows, .spaces, .dataset, .done, .doubtful: break
        }
    }
}

extension Job {
    /// The job as a script sees it that did not start it.
    var luaValue: LuaValue {
        .table(
            LuaTable(
                fields: [
                    "label": LuaValue(label),
                    "job_id": .string(id.text),
                    "state": .string(state.rawValue),
                    "started": started.map { .integer($0.seconds) } ?? .nil,
                    "finished": finished.map { .integer($0.seconds) } ?? .nil,
                    "details": LuaValue(details),
                ],
                metatable: .result))
    }
}

extension ErrorKind {
    /// True if the run is interrupted unless the script asked to be told.
    var interrupts: Bool { self == .auth || self == .unreachable }
}
