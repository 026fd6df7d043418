import DataStudio

/// Starts in doubt: what the server's list says of them.
extension ServerMachine {
    static let doubtPageSize = StudioAPI.usualPageSize

    // MARK: The server's time

    /// Asks the server what time it is there, and whose the key is.
    ///
    /// - Returns: false if it has no request for that.
    mutating func greet(for step: NodeID) -> Bool {
        if greeting == nil {
            let asked = try? api.keyRequest()
            let request = asked ?? (try? api.jobListRequest(createdAfter: nil, pageSize: 1))
            guard let request else { return false }
            greeting = send(request, for: .greeting)
        }
        greeted.append(step)
        return true
    }

    /// However it went, the starts go on: what is wrong with the server they find out themselves.
    mutating func welcomed(_ id: ExchangeID, _ outcome: ExchangeOutcome) {
        let isOfKey = exchanges[id]?.request.operation == .keyInformation
        end(id)
        greeting = nil
        if isOfKey, case .reply(let reply) = outcome, let key = try? api.readKey(reply) { user = key.user }
        if case .reply = outcome, clock != nil { isAcquainted = true }
        let steps = greeted
        greeted = []
        for step in steps { goOn(step, isGreeted: true) }
    }

    // MARK: Looking

    /// - Parameter leftInThisLife: it was sent just now; else it may have left until its process died, or its connection
    ///   was too old for that.
    mutating func inquire(_ step: NodeID, _ open: OpenAttempt, foreign: GateState.Doubt?, leftInThisLife: Bool) {
        guard let pending = starts[step] else { return }
        var window: ClosedRange<Timestamp>?
        var notBefore = now + rules.settle
        if let sent = open.readiness.serverTime, let time = serverTime {
            // Whoever meant to send it is dead by now, as its lock is held.
            let left = leftInThisLife ? time : min(time, sent + DoubtInquiry.longestDeparture)
            if !leftInThisLife { notBefore = now + max(.zero, left + rules.settle - time) }
            let from = sent + (.zero - DoubtInquiry.tolerance)
            window = from...max(from, left + rules.settle + DoubtInquiry.tolerance)
        }
        starts[step]?.inquiry = DoubtInquiry(
            open, foreign: foreign, window: window, user: user,
            gate: pending.state ?? GateState(), rules: rules,
            includesQueued: api.description.operations[.listJobs]?.includesQueued ?? false)
        guard api.supports(.listJobs) else { return cannotList(step, "the server cannot list its jobs") }
        if notBefore > now {
            act(.setTimer(.look(step), after: notBefore - now))
        } else {
            look(step)
        }
    }

    /// The journal has forgotten what it did since then.
    mutating func inquire(_ step: NodeID, since: Timestamp) {
        guard let pending = starts[step] else { return }
        let offset = serverTime.map { $0 - wallClock } ?? .zero
        let from = since + offset + (.zero - DoubtInquiry.tolerance)
        let open = OpenAttempt(pending.start, StartReadiness(gate: pending.gate.name), at: since)
        var inquiry = DoubtInquiry(
            open, foreign: nil, window: from...Timestamp(milliseconds: .max), user: user,
            gate: pending.state ?? GateState(), rules: rules, includesQueued: true)
        inquiry.isOfRestoredJournal = true
        starts[step]?.inquiry = inquiry
        guard api.supports(.listJobs) else { return cannotList(step, "the server cannot list its jobs") }
        look(step)
    }

    mutating func look(_ step: NodeID) {
        guard let inquiry = starts[step]?.inquiry else { return }
        do throws(StudioFault) {
            let cursor = inquiry.cursor
            // No filter is trusted here.
            let request = try api.jobListRequest(createdAfter: nil, at: cursor, pageSize: Self.doubtPageSize)
            send(request, for: .doubt(step, cursor))
        } catch {
            cannotList(step, StepFailure(error).message)
        }
    }

    mutating func found(_ step: NodeID, _ page: Page<Job>) {
        guard let verdict = starts[step]?.inquiry?.take(page, api) else { return look(step) }
        decide(step, verdict)
    }

    mutating func cannotList(_ step: NodeID, _ reason: String) {
        guard let inquiry = starts[step]?.inquiry else { return }
        decide(step, inquiry.ambiguous(reason))
    }

    private mutating func decide(_ step: NodeID, _ verdict: DoubtVerdict) {
        guard let pending = starts[step], let inquiry = pending.inquiry else { return }
        starts[step]?.inquiry = nil
        if let foreign = inquiry.foreign {
            return act(.settled(step, pending.gate, foreign, verdict, serverTime: serverTime))
        }
        if inquiry.isOfRestoredJournal {
            starts[step]?.state?.restoredTo = nil
            if case .void = verdict { return goOn(step) }
            // It is written down like any other doubt, and not sent.
            var ambiguity = Ambiguity(reason: "", candidates: [])
            if case .adopt(let job, _) = verdict { ambiguity.candidates = [SeenJob(job)] }
            if case .ambiguous(let found) = verdict { ambiguity = found }
            ambiguity.reason =
                "the journal was restored from a backup, and since then jobs of the workflow were made that it does not know"
            starts[step]?.ambiguity = ambiguity
            return open(step)
        }
        switch verdict {
        case .void(let reason):
            voided.append(inquiry)
            starts[step]?.open = nil
            starts[step]?.isSettling = false
            starts[step]?.hasProceeded = false
            act(.deliver(.startVoid(step, reason: reason)))
            startAgain(step, after: pending.doubt)
        case .adopt(let job, let evidence):
            finish(step, .accepted(Acceptance(adopting: job, evidence, serverTime: serverTime)))
        case .ambiguous(var ambiguity):
            if let doubt = pending.doubt { ambiguity.reason = "\(doubt); \(ambiguity.reason)" }
            finish(step, .ambiguous(ambiguity))
        }
    }

    /// - Parameter doubt: why it was in doubt; `nil` for a start of an earlier life.
    private mutating func startAgain(_ step: NodeID, after doubt: String?) {
        starts[step]?.doubt = nil
        guard let doubt else { return goOn(step) }
        var backoff = starts[step]?.backoff ?? Backoff(patience: patience, at: now)
        guard let delay = backoff.delay(at: now, &random) else {
            let words = "\(identity.url) took no start for \(patience.short): \(doubt)"
            return finish(step, .failed(StepFailure(kind: .unreachable, message: words)))
        }
        starts[step]?.backoff = backoff
        act(.setTimer(.open(step), after: delay))
    }

    /// How long jobs are looked for of starts that were taken for not having happened.
    private static let longestSuspicion = Duration.seconds(600)

    /// From when on lists have to reach for ``suspect(_:)``; `nil` if nothing is suspected.
    var suspectedSince: Timestamp? { voided.compactMap { $0.window?.lowerBound }.min() }

    /// Looks through a list for jobs of starts that were taken for not having happened: nothing can be done about them but
    /// to say so.
    mutating func suspect(_ page: Page<Job>) {
        if let time = serverTime {
            voided.removeAll { ($0.window?.upperBound ?? time) + Self.longestSuspicion < time }
        }
        guard !voided.isEmpty else { return }
        for job in page.items where !accepted.contains(job.id) {
            guard let place = voided.firstIndex(where: { $0.couldBeIts(job, api) }) else { continue }
            let label = voided.remove(at: place).open.start.label
            act(
                .tell(
                    "duplicate suspected: \(identity.url) lists job \(job.id) of \(label) only now, and a start of \(label) "
                        + "was sent again because it was not listed in time (settle: \(rules.settle.short)). Look whether "
                        + "both run"))
        }
    }

    // MARK: Jobs that were left

    mutating func askPredecessor(_ step: NodeID) {
        guard let pending = starts[step], let other = pending.state?.predecessors.first else { return }
        if pending.isWithdrawn { return finish(step, .withdrawn) }
        do throws(StudioFault) {
            send(try api.jobRequest(other.job.id), for: .predecessor(step))
        } catch {
            predecessor(step, .unknown)
        }
    }

    /// How a job stands that nobody goes on with.
    enum Standing {
        case running, over
        /// The server does not know it, perhaps not yet.
        case missing
        /// The server does not tell: nothing can be waited for.
        case unknown
    }

    mutating func predecessor(_ step: NodeID, _ seen: Job) {
        guard let pending = starts[step], let other = pending.state?.predecessors.first else { return }
        let isIt = other.isSeen(as: seen, label: pending.start.label)
        predecessor(step, !isIt ? .unknown : seen.state.isFinal ? .over : .running)
    }

    /// The server has been asked for the first of the jobs in the way.
    mutating func predecessor(_ step: NodeID, _ standing: Standing) {
        guard let pending = starts[step], let other = pending.state?.predecessors.first else { return }
        let since = standing == .missing ? pending.missingSince ?? now : nil
        starts[step]?.missingSince = since
        let isGone = since.map { now - $0 >= JobWatch.shortestAbsence } ?? false
        guard standing == .running || (standing == .missing && !isGone) else {
            if standing == .over, other.isCertain { act(.predecessorOver(other)) }
            starts[step]?.state?.predecessors.removeFirst()
            starts[step]?.missingSince = nil
            starts[step]?.pause = .seconds(1)
            return goOn(step)
        }
        if pending.waitsFor != other {
            starts[step]?.waitsFor = other
            let whose = other.isCertain ? "which run \(other.run) has left" : "which run \(other.run) may have started"
            act(.deliver(.startWaits(step, "waits for job \(other.job.id), \(whose), to end")))
        }
        starts[step]?.pause = min(pending.pause * 2, .seconds(30))
        act(.setTimer(.predecessor(step), after: pending.pause))
    }
}
