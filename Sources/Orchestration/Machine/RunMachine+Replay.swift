package import DataStudio
import JSON

/// Going on with a run: its log is delivered to the script from the top, and what it waits for then is taken up.
extension RunMachine {
    /// Runs the script through its log, and takes up what is open at the end.
    ///
    /// - Parameters:
    ///   - log: from `began`, without gaps.
    ///   - now: the instant from which the run goes on.
    ///   - observe: told of what people were told, with the time of the record that led to it.
    /// - Throws: when the script asks for something else than its log has. Nothing has left then.
    package func resume(
        _ log: [Record], at now: Timestamp, observe: ((RunEvent, Timestamp) -> Void)? = nil
    ) throws(ReplayError) -> [MachineAction] {
        try replay(log, observe: observe)
        guard !isTurnCut else {
            // It is left before it has gone on: nothing of this life is on its way.
            isReplaying = false
            startsInFlight = []
            return []
        }
        return goOn(log, at: now)
    }

    /// Runs the script through its log, and leaves it there: to see what a run has done.
    package func replay(
        _ log: [Record], observe: ((RunEvent, Timestamp) -> Void)? = nil
    ) throws(ReplayError) {
        isReplaying = true
        self.observe = observe
        let void = Self.voidSequences(of: log)
        if let first = log.first { context.now = first.at }
        beginScript()
        let news = log.count - log.reversed().prefix { $0.body.isByPerson }.count
        for (index, record) in log.enumerated() where !isTurnCut {
            isNews = index >= news
            lastRecord = record.sequence
            guard !void.contains(record.sequence) else {
                pass(record)
                continue
            }
            try take(record)
        }
        isNews = false
    }

    /// Tells whoever observed the replay of a whole log how the run ended, as people were told.
    package func recallEnd() {
        if let outcome, !isOver { endRun(outcome) }
    }

    /// Goes on through a log that has grown, of a run that another process holds.
    package func follow(_ log: [Record]) throws(ReplayError) {
        for record in log {
            lastRecord = record.sequence
            try take(record)
        }
    }

    /// Takes one record of a log.
    func take(_ record: Record) throws(ReplayError) {
        do throws(ReplayError) {
            try takeOnce(record)
        } catch {
            guard isReplaying, restartPostponed(of: record.key) || beginItem(of: record.key) else { throw error }
            runTurn()
            try takeOnce(record)
        }
    }

    private func takeOnce(_ record: Record) throws(ReplayError) {
        if session != nil { return takeOfSession(record) }
        if case .intent(let intent) = record.body { return try intended(record, intent) }
        try deliver(record)
        runTurn()
    }

    /// Passes over a record that is void. Attempts have one number each all the same.
    func pass(_ record: Record) {
        if case .fired(let purpose, _) = record.body,
            let id = timersByKey[ArmedTimer.Key(key: record.key, purpose: purpose)]
        {
            timers[id]?.firesAgain = true
        }
        guard case .intent = record.body else { return }
        usedAttempts[record.key] = max(record.attempt, usedAttempts[record.key] ?? 0)
        guard let id = stepsByKey[record.key] else { return }
        switch steps[id]?.stage {
        case .starting, .asking, .waiting, .pausing: skipUsedAttempts(id)
        default: break
        }
    }

    /// Another attempt has another number than those that are void.
    func skipUsedAttempts(_ id: NodeID) {
        guard let step = steps[id], !step.attempt.isOpen, let key = nodes[id]?.key, let used = usedAttempts[key] else {
            return
        }
        step.attempt.number = max(step.attempt.number, used + 1)
    }

    /// What later records of a log say is void.
    package static func voidSequences(of log: [Record]) -> Set<Int> {
        var void: Set<Int> = []
        for case .retried(let retrial) in log.lazy.map(\.body) { void.formUnion(retrial.void) }
        return void
    }

    /// An earlier life meant to send something: the script must have asked for the same now.
    private func intended(_ record: Record, _ intent: Intent) throws(ReplayError) {
        switch intent.request {
        case .start(let start):
            guard let id = stepsByKey[record.key], let step = steps[id], case .starting = step.stage,
                step.attempt.number == record.attempt, !step.attempt.isOpen
            else { throw missing(record, intent) }
            let own = self.intent(id, StartReadiness(gate: ""))
            guard own.asksTheSame(as: intent) else {
                throw ReplayError(
                    "the log has \(intent.shown) as \(record.key), and the script asks for \(own.shown) there",
                    recorded: intent.location, current: own.location)
            }
            steps[id]?.attempt.open = OpenAttempt(start, intent.readiness, at: record.at)
            if locks.starts.remove(id) != nil { startsInFlight.insert(id) }
        case .once:
            guard let id = queriesByKey[record.key], let open = queries[id] else { throw missing(record, intent) }
            let own = self.intent(of: open)
            guard own.asksTheSame(as: intent) else {
                throw ReplayError(
                    "the log has \(intent.shown) as \(record.key), and the script asks for \(own.shown) there",
                    recorded: intent.location, current: own.location)
            }
            queries[id]?.isIntended = true
        }
    }

    private func missing(_ record: Record, _ intent: Intent) -> ReplayError {
        ReplayError(
            "the log has \(intent.shown) as \(record.key), and the script does not ask for it",
            recorded: intent.location,
            current: line)
    }

    /// Takes up everything that is open.
    private func goOn(_ log: [Record], at now: Timestamp) -> [MachineAction] {
        isReplaying = false
        begin(event: now)
        if log.last?.body.isByPerson == true { tellOnce() }
        // What a session takes up has no timers of its own.
        unseen = session == nil ? watched : []
        for id in startsInFlight.sorted() {
            guard let step = steps[id] else { continue }
            if let open = step.attempt.open {
                act(.settle(id, server: step.server, open))
            } else {
                act(.start(id, server: step.server, start(of: step)))
            }
        }
        for id in watched.sorted() {
            guard let step = steps[id], let job = step.watchedJob else { continue }
            act(.watch(id, server: step.server, job))
            expect(id, step)
        }
        if session != nil { takeUpSession() }
        if locks.isUsed { act(.lock(.only(keys: lockKeys))) }
        for id in queries.keys.sorted(by: { $0.number < $1.number }) { send(id) }
        armTimers()
        return deliverAll()
    }

    /// A job has been asked for in this life: its outcome came before any timer.
    func seen(_ id: NodeID) {
        guard unseen.remove(id) != nil else { return }
        armTimers()
    }

    /// Timers go on when every open job has been asked for.
    func armTimers() {
        guard unseen.isEmpty else { return }
        for (id, timer) in timers.sorted(by: { $0.key.number < $1.key.number }) {
            let rest = timer.duration - (now - timer.armed)
            act(.setTimer(id, after: min(max(rest, .zero), timer.duration)))
        }
    }
}

extension Intent {
    /// For messages.
    var shown: String {
        let on = server.map { " on \($0)" } ?? ""
        switch request {
        case .start(let start): return "the start of \"\(start.label)\" with \(start.payload.jsonText)\(on)"
        case .once(let query): return "\(query.payload.jsonText)\(on)"
        }
    }
}
