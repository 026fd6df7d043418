import DataStudio

/// Starts in doubt: what the server's list says of them.
extension ServerMachine {
    static let doubtPageSize = StudioAPI.usualPageSize

    mutating func inquire(_ step: NodeID, _ open: OpenAttempt, foreign: GateState.Doubt?) {
        guard let pending = starts[step] else { return }
        let leftAt = foreign == nil ? pending.leftAt : nil
        let settle = profile.settle(rules.settle)
        let evidence = open.readiness.evidence
        let latest = DoubtInquiry.latestArrival + settle
        // Of a job without a time only the gate tells what the server had before it.
        let others = known.owned(of: open.start.label).filter { $0.created != nil } + evidence.known
        let inquiry = DoubtInquiry(
            open, foreign: foreign, gate: pending.state ?? GateState(), others: others,
            ownership: JobOwnership(open.start, evidence, profile, isExclusive: rules.isExclusive),
            quietAt: now + max(.zero, (leftAt == nil ? restOfFlight(evidence) : .zero) + settle),
            expected: open.readiness.serverTime.flatMap { profile.clock.stamps($0, $0 + latest) },
            includesQueued: api.description.operations[.listJobs]?.includesQueued ?? false, keepsJobs: rules.keepsJobs,
            leftAt: leftAt ?? since(evidence).map { now - $0 },
            reading: JobListReading(
                back: DoubtInquiry.back(to: evidence, profile.clock), order: profile.order, mostPages: rules.mostPages),
            at: now)
        starts[step]?.inquiry = inquiry
        guard api.supports(.listJobs) else { return cannotList(step, "the server cannot list its jobs") }
        look(step)
    }

    /// How long a request of an earlier life may still be on its way; negative if it cannot be since then.
    ///
    /// Whoever meant to send it is dead, as its lock is held, and so its machine sends nothing more of it.
    private func restOfFlight(_ evidence: StartEvidence) -> Duration {
        since(evidence).map { min(DoubtInquiry.longestFlight, DoubtInquiry.latestArrival - $0) }
            ?? DoubtInquiry.longestFlight
    }

    /// How long ago that was known; `nil`: that cannot be told.
    private func since(_ evidence: StartEvidence) -> Duration? {
        guard let then = evidence.boot, let bootTime, then.boot == bootTime.boot else { return nil }
        return bootTime.elapsed - then.elapsed
    }

    mutating func look(_ step: NodeID) {
        guard let inquiry = starts[step]?.inquiry else { return }
        do throws(StudioFault) {
            let cursor = inquiry.reading.cursor
            // No filter is trusted here.
            let request = try api.jobListRequest(createdAfter: nil, at: cursor, pageSize: Self.doubtPageSize)
            send(request, for: .doubt(step, cursor))
        } catch {
            cannotList(step, StepFailure(error).message)
        }
    }

    mutating func lookAgain(_ step: NodeID) {
        starts[step]?.inquiry?.lookAgain(at: now)
        look(step)
    }

    mutating func found(_ step: NodeID, _ page: Page<Job>) {
        guard let next = starts[step]?.inquiry?.take(page, api, at: now) else { return }
        if let order = starts[step]?.inquiry?.reading.order, order != .unknown { learn { $0.order = order } }
        switch next {
        case .page: look(step)
        case .again(let delay): act(.setTimer(.look(step), after: delay))
        case .decided(let verdict): decide(step, verdict)
        }
    }

    mutating func cannotList(_ step: NodeID, _ reason: String) {
        guard let inquiry = starts[step]?.inquiry else { return }
        decide(step, inquiry.ambiguous(reason, api))
    }

    private mutating func decide(_ step: NodeID, _ verdict: DoubtVerdict) {
        guard let pending = starts[step], let inquiry = pending.inquiry else { return }
        starts[step]?.inquiry = nil
        if let foreign = inquiry.foreign {
            return act(.settled(step, pending.gate, foreign, verdict, serverTime: serverTime))
        }
        switch verdict {
        case .void(let reason):
            voided.append(VoidedStart(step, inquiry, at: now))
            starts[step]?.open = nil
            starts[step]?.leftAt = nil
            act(.deliver(.startVoid(step, reason: reason)))
            if pending.isSettling { settled(step, pending) } else { startAgain(step, after: pending.doubt) }
        case .adopt(let job, let evidence):
            finish(step, .accepted(Acceptance(adopting: job, evidence, serverTime: serverTime)))
        case .ambiguous(var ambiguity):
            if let doubt = pending.doubt { ambiguity.reason = "\(doubt); \(ambiguity.reason)" }
            finish(step, .ambiguous(ambiguity))
        }
    }

    /// A start of an earlier life has not happened: another waits for a slot like any other.
    private mutating func settled(_ step: NodeID, _ pending: PendingStart) {
        guard !pending.isWithdrawn else { return finish(step, .withdrawn) }
        starts[step] = nil
        act(.leaveGate(step))
        waitingStarts.append(pending.start, for: step)
        waitingStarts.open(pending.gate.label)
    }

    /// - Parameter doubt: why it was in doubt.
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

    /// Looks through a list for jobs of starts that were taken for not having happened: nothing can be done about them but
    /// to say so.
    mutating func suspect(_ page: Page<Job>) {
        voided.removeAll { now - $0.at > VoidedStart.longestSuspicion }
        guard !voided.isEmpty else { return }
        for job in page.items where !own.contains(job.id) && !mayBeOnItsWay(job) {
            guard let place = voided.firstIndex(where: { $0.mayBeIts(job, api, at: now) }) else { continue }
            let start = voided.remove(at: place)
            let other = start.successor.map { "job \($0)" } ?? "another start"
            act(
                .suspect(
                    "job \(job.id) and \(other) of \(start.label) on \(identity.url): job \(job.id) was listed too late "
                        + "(settle: \(profile.settle(rules.settle).short)), and so the workflow was started again"))
        }
    }

    /// True while a start of the workflow may have left whose job is not known yet: a later list shows the job again.
    private func mayBeOnItsWay(_ job: Job) -> Bool {
        starts.values.contains { pending in
            pending.open != nil && job.label.map { JobIdentity.isSame(label: pending.start.label, $0) } ?? true
        }
    }

    /// From when on lists have to reach for ``suspect(_:)``; `nil` if nothing is suspected.
    var suspectedSince: Timestamp? { voided.map(\.since).min() }

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

    mutating func predecessor(_ step: NodeID, _ seen: JobIdentity, isOver: Bool) {
        guard let other = starts[step]?.state?.predecessors.first else { return }
        predecessor(step, !other.isSeen(as: seen) ? .unknown : isOver ? .over : .running)
    }

    /// The server has been asked for the first of the jobs in the way.
    mutating func predecessor(_ step: NodeID, _ standing: Standing) {
        guard let pending = starts[step], let other = pending.state?.predecessors.first else { return }
        let since = standing == .missing ? pending.missingSince ?? now : nil
        starts[step]?.missingSince = since
        let isGone = since.map { now - $0 >= JobWatch.shortestAbsence } ?? false
        guard standing == .running || (standing == .missing && !isGone) else {
            // One that the server does not know any more is not waited for again by every start that follows.
            if standing == .over || isGone, other.isCertain { act(.predecessorOver(other)) }
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
