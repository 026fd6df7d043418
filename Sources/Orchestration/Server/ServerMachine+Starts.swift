import DataStudio

/// Starts: through their gates, sent once, and told apart from what may have happened.
extension ServerMachine {
    func gate(of start: WorkflowStart) -> Gate {
        Gate(identity, label: start.label)
    }

    /// The start has a slot: now for its gate.
    mutating func take(_ pending: PendingStart, for step: NodeID) {
        starts[step] = pending
        act(.takeGate(step, pending.gate, needsSlot: !pending.isSettling, since: gates[pending.gate]))
    }

    /// An earlier life meant to send the start. Slots are not asked for: its job may have one.
    mutating func settle(_ step: NodeID, _ open: OpenAttempt) {
        var pending = PendingStart(start: open.start, gate: gate(of: open.start))
        pending.open = open
        pending.isSettling = true
        waitingStarts.close(open.start.label)
        take(pending, for: step)
    }

    /// The gate is held: what other runs have left at it comes first.
    mutating func gateTaken(_ step: NodeID, _ gate: Gate, _ state: GateState) {
        gates[gate] = state.lastAttempt
        known.take(owned: state.owned.map(\.identity))
        // It was withdrawn while it waited.
        guard let pending = starts[step] else {
            act(.leaveGate(step))
            if !slots.contains(step) { leaveSlot(step) }
            return
        }
        starts[step]?.state = state
        if pending.isWithdrawn, pending.open == nil { return finish(step, .withdrawn) }
        goOn(step)
    }

    /// The next thing to do for a start whose gate is held.
    mutating func goOn(_ step: NodeID) {
        guard let pending = starts[step], let state = pending.state else { return }
        if pending.open == nil, let run = state.heldBy { return finish(step, .held(by: run)) }
        if let doubt = state.doubts.first { return inquire(step, doubt.open, foreign: doubt) }
        if let open = pending.open { return inquire(step, open, foreign: nil) }
        if pending.isWithdrawn {
            if let id = pending.exchange { end(id) }
            return finish(step, .withdrawn)
        }
        // What is known before it leaves decides later whether it happened.
        guard isGreeted || !greet(for: step) else { return }
        guard !state.isRestored || isSettledSinceRestore(step) else { return }
        let isListed = known.isFresh(at: now) || pending.isListed || pending.goesUnlisted
        guard isListed || !survey(for: step) else { return }
        if examine(step) { return open(step) }
        guard state.predecessors.isEmpty else { return askPredecessor(step) }
        open(step)
    }

    /// Opens a connection. A try after another is the same exchange.
    mutating func open(_ step: NodeID) {
        guard let pending = starts[step] else { return }
        if pending.isWithdrawn { return finish(step, .withdrawn) }
        if let id = pending.exchange, let exchange = exchanges[id] { return act(.open(id, exchange.request)) }
        do throws(StudioFault) {
            let request = try api.startRequest(pending.start)
            let id = addExchange(request, for: .start(step))
            starts[step]?.exchange = id
            act(.open(id, request))
        } catch {
            finish(step, .failed(StepFailure(error)))
        }
    }

    /// Nothing but the word of the run is missing.
    mutating func opened(_ id: ExchangeID, isBounded: Bool) {
        guard case .start(let step)? = exchanges[id]?.use, let pending = starts[step] else { return }
        let readiness = StartReadiness(
            gate: pending.gate.name, serverTime: serverTime, evidence: evidence(for: pending, isBounded: isBounded))
        act(.deliver(.startReady(step, readiness)))
        starts[step]?.isListed = false
        starts[step]?.open = OpenAttempt(pending.start, readiness, at: wallClock)
    }

    mutating func proceed(_ step: NodeID) {
        guard let pending = starts[step], let id = pending.exchange else { return }
        // Its connection has ended since it was ready, and it waits for another one.
        guard pending.open != nil else {
            return act(.deliver(.startVoid(step, reason: "its connection ended before it was sent")))
        }
        if let ambiguity = pending.ambiguity {
            // It is written down: a person decides about what was found.
            examined.insert(pending.gate)
            act(.drop(id))
            end(id)
            return finish(step, .ambiguous(ambiguity))
        }
        starts[step]?.leftAt = now
        act(.proceed(id))
    }

    mutating func drop(_ step: NodeID) {
        guard let id = starts[step]?.exchange else { return }
        starts[step]?.open = nil
        act(.drop(id))
        end(id)
        finish(step, .withdrawn)
    }

    /// A start that waits is dropped; of one under way there is no other try.
    mutating func withdraw(_ step: NodeID) {
        if waitingStarts.remove(step) { return act(.deliver(.startEnded(step, .withdrawn))) }
        guard let pending = starts[step] else { return }
        starts[step]?.isWithdrawn = true
        // One that may have left, or has a connection by now, is looked at when it has come further.
        let isBetweenTries = pending.exchange.map { exchanges[$0]?.isWaiting == true } ?? true
        guard pending.open == nil, pending.inquiry == nil, isBetweenTries else { return }
        if let id = pending.exchange { end(id) }
        finish(step, .withdrawn)
    }

    func isWithdrawn(_ use: Exchange.Use) -> Bool {
        if case .start(let step) = use { starts[step]?.isWithdrawn ?? true } else { false }
    }

    /// The try did certainly not happen.
    mutating func notSent(_ use: Exchange.Use, _ reason: String) {
        guard case .start(let step) = use, let pending = starts[step] else { return }
        starts[step]?.open = nil
        guard pending.leftAt != nil else { return }
        starts[step]?.leftAt = nil
        act(.deliver(.startVoid(step, reason: reason)))
    }

    /// It is known what became of the start.
    mutating func finish(_ step: NodeID, _ outcome: StartOutcome) {
        let pending = starts.removeValue(forKey: step)
        if let pending { waitingStarts.open(pending.gate.label) }
        if case .accepted(let acceptance) = outcome, let pending { taken(pending, acceptance, for: step) }
        act(.deliver(.startEnded(step, outcome)))
        act(.leaveGate(step))
        if case .accepted(let acceptance) = outcome {
            slots.insert(step)
            own.insert(acceptance.job)
        } else {
            leaveSlot(step)
        }
    }

    /// What its job shows is learned from, if the server has just named it.
    private mutating func taken(_ pending: PendingStart, _ acceptance: Acceptance, for step: NodeID) {
        let job = JobIdentity(acceptance.job, label: pending.start.label, created: acceptance.created)
        known.accepted(job)
        for place in voided.indices where voided[place].step == step { voided[place].successor = acceptance.job }
        guard acceptance.source == .reply else { return }
        fresh[step] = FreshStart(
            start: pending.start, key: keyName, sent: pending.open?.readiness.serverTime,
            answered: acceptance.serverTime)
    }

    /// Its job is not in flight any more.
    mutating func leaveSlot(_ step: NodeID) {
        guard maxParallel != nil else { return }
        slots.remove(step)
        act(.leaveSlot(step))
    }

    // MARK: How requests end

    /// Reads an answer whose status means success.
    ///
    /// - Throws: when it cannot be understood; the request is not over then.
    mutating func read(_ reply: StudioReply, _ id: ExchangeID, _ exchange: Exchange) throws(StudioFault) {
        switch exchange.use {
        case .start(let step):
            let job = try api.readStart(reply)
            end(id)
            finish(step, .accepted(Acceptance(job: job, serverTime: serverTime)))
        case .list(let cursor, let pageSize):
            let page = try api.readJobs(reply, at: cursor, pageSize: pageSize)
            end(id)
            suspect(page)
            take(page, at: cursor)
        case .job(let job):
            let seen = try api.readJob(reply)
            end(id)
            take(watch.answered(job, seen, user: api.echo(of: seen).user, at: now))
        case .query(let query):
            guard let next = try queries[query]?.take(reply, api) else { return end(id) }
            end(id)
            go(on: query, next)
        case .greeting:
            let key = try api.readKey(reply)
            end(id)
            welcomed(user: key.user)
        case .survey(let cursor):
            let page = try api.readJobs(reply, at: cursor, pageSize: Self.doubtPageSize)
            end(id)
            suspect(page)
            surveyed(page)
        case .doubt(let step, let cursor):
            let page = try api.readJobs(reply, at: cursor, pageSize: Self.doubtPageSize)
            end(id)
            found(step, page)
        case .predecessor(let step):
            let seen = try api.readJob(reply)
            end(id)
            predecessor(step, api.identity(of: seen), isOver: seen.state.isFinal)
        }
    }

    /// The server refused the request.
    mutating func refused(_ id: ExchangeID, _ use: Exchange.Use, _ status: Int, _ message: String) {
        end(id)
        switch use {
        case .start(let step):
            let fault = StudioFault.rejected(status: status, message: message)
            finish(step, .failed(StepFailure(fault)))
        case .list: listRefused(status, message, isWatched: true)
        case .job(let job) where status == 404 || status == 410:
            take(watch.answered(job, nil, at: now))
        case .job(let job):
            let steps = watch.steps(of: job)
            failWatching(steps, "the server refused to tell of job \(job) (\(status)): \(message)")
            take(watch.answered(job, nil, at: now))
        case .query(let query):
            if let answer = queries.removeValue(forKey: query)?.refused(status, message) {
                act(.deliver(.answered(query, answer)))
            }
        case .greeting: welcomed(user: nil)
        case .survey:
            listRefused(status, message, isWatched: false)
            surveyFailed()
        case .doubt(let step, _): cannotList(step, "jobs cannot be listed (\(status)): \(message)")
        case .predecessor(let step):
            predecessor(step, status == 404 || status == 410 ? .missing : .unknown)
        }
    }

    /// The server has no list of jobs: from now on each is asked for by itself.
    private mutating func listRefused(_ status: Int, _ message: String, isWatched: Bool) {
        if !isListRefused {
            act(.tell("\(identity.url): jobs cannot be listed (\(status): \(message)); each is asked for by itself"))
        }
        isListRefused = true
        if let actions = watch.listRefused(isOwn: isWatched) {
            perform(actions)
        } else {
            failWatching(Array(watch.steps), "jobs cannot be listed (\(status)): \(message)")
        }
    }

    /// Nobody knows whether it was executed.
    mutating func doubtful(_ id: ExchangeID, _ use: Exchange.Use, _ reason: String) {
        end(id)
        switch use {
        case .start(let step):
            act(.deliver(.startWaits(step, "in doubt: \(reason); looking for its job")))
            starts[step]?.doubt = reason
            goOn(step)
        case .query(let query):
            queries[query] = nil
            act(.deliver(.answered(query, .doubtful(reason))))
        case .list, .job, .greeting, .survey, .doubt, .predecessor: break
        }
    }

    /// No other try.
    ///
    /// - Parameter failure: `nil` for what nobody wants any more.
    mutating func gaveUp(_ use: Exchange.Use, _ failure: StepFailure?) {
        switch use {
        case .start(let step): finish(step, failure.map { .failed($0) } ?? .withdrawn)
        case .query(let query):
            queries[query] = nil
            if let failure { act(.deliver(.answered(query, .failed(failure)))) }
        case .list, .job:
            watch.gaveUp()
            if let failure { act(.deliver(.serverFailed(failure, server: nil))) }
        case .greeting, .survey: if let failure { unprepared(failure) }
        case .doubt(let step, _):
            guard let failure else { break }
            if failure.kind == .protocol { return cannotList(step, failure.message) }
            finish(step, .failed(failure))
        case .predecessor(let step):
            if let failure { finish(step, .failed(failure)) }
        }
    }
}
