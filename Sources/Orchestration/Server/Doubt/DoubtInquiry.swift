package import DataStudio

/// Finds out by the server's list of jobs whether a start happened of which the answer is missing. No I/O, no clock.
///
/// A start is void by evidence of jobs, never by time: the list, read as far back as a job that was known before the start,
/// holds none that could be its own. A job is taken only if everything says that it is ours. Whatever is less is left to a
/// person.
struct DoubtInquiry: Sendable {
    /// What is known of the start.
    let open: OpenAttempt
    /// Of another run, if it is not about the start of the step that holds the gate.
    let foreign: GateState.Doubt?
    let gate: GateState
    let ownership: JobOwnership
    /// From then on its job is listed, if there is one.
    let quietAt: Duration
    /// The stamps that its job may have; `nil`: that is not known, and nothing is concluded from times.
    let expected: ClosedRange<Timestamp>?
    let includesQueued: Bool
    /// The server is known to keep its jobs.
    let keepsJobs: Bool

    /// Jobs that are not the start's own: those of other steps, and those that were there before.
    private let others: [JobID: [WatchedJob]]
    private(set) var reading: JobListReading
    /// When the look at hand began: its first page may be as old as that when its last one comes.
    private var beganAt: Duration
    /// When the list was read last, and before that when the request left; `nil` once the server may have been restarted.
    private var seenAt: Duration?
    /// Since when every look has found nothing.
    private var emptySince: Duration?
    /// When the page was asked for that is awaited.
    private var askedAt: Duration
    /// When the page was asked for that has shown the anchor last: at that time, the server had kept its jobs.
    private var anchoredAt: Duration?
    /// When the first look ended that found nothing once the job would have been listed.
    private var absentAt: Duration?
    private var pause = Duration.milliseconds(250)

    /// What follows from a page.
    enum Step: Sendable {
        case page(ListCursor)
        /// Read the list once more.
        case again(after: Duration)
        case decided(DoubtVerdict)
    }

    /// A request that has not left by then never does.
    static let longestDeparture = Duration.seconds(5)
    /// How long a machine goes on sending what was not acknowledged: the option `TCP_USER_TIMEOUT` of a start's connection.
    static let longestSending = Duration.seconds(5)
    /// How long the network may take to deliver what was sent: the first repetition of a lost packet, and some more.
    static let longestFlight = Duration.seconds(3)
    /// The latest arrival of a request, after its intent.
    static var latestArrival: Duration { longestDeparture + longestSending + longestFlight }
    /// Two looks that find nothing lie so far apart: one may have met a server that is behind others.
    private static let secondLook = Duration.seconds(3)
    /// No server is restarted in less time: one that answers as often as that has not been.
    static let shortestRestart = Duration.milliseconds(900)
    /// How often it is asked where nothing but that shows that it has kept its jobs.
    private static let shortPause = Duration.milliseconds(400)
    private static let longestPause = Duration.seconds(2)

    /// - Parameters:
    ///   - others: jobs that were there before the start, besides those that the gate tells of.
    ///   - leftAt: when the request left at the earliest, which may be before this life; `nil`: that is not known.
    init(
        _ open: OpenAttempt, foreign: GateState.Doubt?, gate: GateState, others: [JobIdentity], ownership: JobOwnership,
        quietAt: Duration,
        expected: ClosedRange<Timestamp>?, includesQueued: Bool, keepsJobs: Bool, leftAt: Duration?,
        reading: JobListReading, at now: Duration
    ) {
        self.open = open
        self.foreign = foreign
        self.gate = gate
        self.ownership = ownership
        self.quietAt = quietAt
        self.expected = expected
        self.includesQueued = includesQueued
        self.keepsJobs = keepsJobs
        self.reading = reading
        beganAt = now
        askedAt = now
        seenAt = leftAt
        let newest = open.readiness.evidence.newest
        let known = others.map { WatchedJob($0, newest: newest) }
        self.others = Dictionary(
            grouping: gate.owned + gate.reserved.map { WatchedJob($0) } + known, by: \.identity.id)
    }

    private var evidence: StartEvidence { open.readiness.evidence }

    /// How far back a list must be read: to what was known before the start, and as much further as clocks may be set.
    static func back(to evidence: StartEvidence, _ clock: StampClock) -> Timestamp? {
        if clock.isMany, let offset = clock.offset, offset.upperBound - offset.lowerBound > KnownJobs.reach / 2 {
            return nil
        }
        return evidence.newest?.created.map { $0.lowerBound + (.zero - KnownJobs.reach) }
    }

    /// Takes a page of the list.
    mutating func take(_ page: Page<Job>, _ api: StudioAPI, at now: Duration) -> Step {
        // The answer is as old as its request at most, and as young as itself.
        if page.items.contains(where: isAnchor) { anchoredAt = page.next == nil ? now : askedAt }
        askedAt = now
        switch reading.take(page) {
        case .page(let cursor): return .page(cursor)
        case .unreadable:
            return conclude(at: now) { $0.ambiguous("the server's list holds jobs that cannot be read", api) }
        case .tooLong:
            return conclude(at: now) {
                $0.ambiguous("the server's list is too long to be read back to the time of the start", api)
            }
        case .done: return looked(api, at: now)
        }
    }

    /// The list has been read.
    private mutating func looked(_ api: StudioAPI, at now: Duration) -> Step {
        if let last = seenAt { seenAt = now - last > Self.shortestRestart ? nil : now }
        let candidates = candidates(api)
        emptySince = candidates.isEmpty ? emptySince ?? beganAt : nil
        if !candidates.isEmpty { absentAt = nil }
        if let verdict = adoption(candidates, api) { return .decided(verdict) }
        guard beganAt >= quietAt else { return again(at: now) }
        if isForgotten {
            return .decided(ambiguous("the server has forgotten jobs that it had before the start", api))
        }
        guard candidates.isEmpty else { return .decided(doubt(about: candidates, api)) }
        if let since = emptySince, beganAt - since < Self.secondLook {
            return .again(after: max(.milliseconds(1), min(since + Self.secondLook - now, longestWait)))
        }
        absentAt = absentAt ?? now
        // Pages that come long after the one with the anchor may be those of a server that has forgotten its jobs since: only
        // the anchor's next sight shows that they were not.
        if provesMemory, let absentAt, let anchoredAt, absentAt - anchoredAt > Self.shortestRestart {
            return again(at: now)
        }
        return .decided(absence(api))
    }

    /// One job, and everything says that it is ours.
    private func adoption(_ candidates: [Candidate], _ api: StudioAPI) -> DoubtVerdict? {
        guard candidates.count == 1, let only = candidates.first, case .ours(let evidence) = only.finding, !isForgotten,
            self.evidence.isListed || expected != nil, isExpected(only.job), !mayBeOfDoubt,
            !gate.isRestored
        else { return nil }
        return .adopt(api.identity(of: only.job), evidence: evidence)
    }

    private func doubt(about candidates: [Candidate], _ api: StudioAPI) -> DoubtVerdict {
        guard candidates.count < 2, let only = candidates.first else {
            return ambiguous("more than one job of the workflow fits it", api)
        }
        guard case .ours = only.finding else {
            return ambiguous("a job of the workflow fits it, and nothing tells whether it is its own", api)
        }
        guard !gate.isRestored else {
            return ambiguous(
                "a job of the workflow fits it, and the journal, which was restored, may have forgotten whose it is",
                api)
        }
        guard evidence.isListed || expected != nil else {
            return ambiguous(
                "a job of the workflow fits it, and nothing tells whether it was there before the start", api)
        }
        return ambiguous(
            isExpected(only.job)
                ? "a job of the workflow fits it, and it may be that of an earlier start in doubt"
                : "a job of the workflow fits it, but it was not made at the time of the start", api)
    }

    /// Nothing is there, in more than one look.
    private func absence(_ api: StudioAPI) -> DoubtVerdict {
        guard includesQueued else {
            return ambiguous("the server lists no job of it, and may not list jobs that have not begun", api)
        }
        guard evidence.isBounded else {
            return ambiguous("the server lists no job of it, and the request may still arrive", api)
        }
        // A server without jobs looks like one that has lost them.
        let showsLoss = provesMemory || ((seenAt != nil || keepsJobs) && evidence.isListed)
        guard showsLoss else {
            return ambiguous(
                anchor == nil
                    ? "the server lists no job at all, and none was known before the start"
                    : "the server tells times so coarsely that it may have been restarted since the start", api)
        }
        return .void("the server has no job of it")
    }

    /// What cannot be known now will not be known later; but jobs that are only listed later are to be named.
    private mutating func conclude(at now: Duration, _ verdict: (DoubtInquiry) -> DoubtVerdict) -> Step {
        beganAt >= quietAt ? .decided(verdict(self)) : again(at: now)
    }

    private mutating func again(at now: Duration) -> Step {
        defer { pause = min(pause * 2, longestWait) }
        return .again(after: min(pause, max(quietAt - now, .milliseconds(1))))
    }

    /// Where only that shows that the server has kept its jobs, it is asked often.
    private var longestWait: Duration {
        !provesMemory && seenAt != nil && !keepsJobs ? Self.shortPause : Self.longestPause
    }

    /// Begins another look.
    mutating func lookAgain(at now: Duration) {
        reading = reading.again()
        beganAt = now
        askedAt = now
    }

    // MARK: Jobs

    private struct Candidate {
        let job: Job
        let finding: JobOwnership.Finding
    }

    private func candidates(_ api: StudioAPI) -> [Candidate] {
        reading.jobs.compactMap { job in
            let finding = finding(of: job, api)
            return finding == .somebodyElses ? nil : Candidate(job: job, finding: finding)
        }
    }

    /// Whether a job may be the start's own.
    func finding(of job: Job, _ api: StudioAPI) -> JobOwnership.Finding {
        guard job.label.map({ JobIdentity.isSame(label: open.start.label, $0) }) ?? true else { return .somebodyElses }
        if let back = reading.back, let created = job.createdRange, created.upperBound < back { return .somebodyElses }
        let identity = api.identity(of: job)
        let finding = ownership.finding(api.echo(of: job))
        guard finding != .somebodyElses else { return finding }
        var isKnown: JobIdentity.Comparison = .different
        for other in others[job.id] ?? [] where isKnown != .same {
            switch identity.compare(other.identity) {
            case .same: isKnown = .same
            // Its time is not known; but the server has kept its jobs since before, and so has not given its id away again.
            case .unknown: isKnown = other.newest.map(isListed) ?? false ? .same : .unknown
            case .different: break
            }
        }
        switch isKnown {
        case .same: return .somebodyElses
        case .different: return job.label == nil ? .unknown : finding
        // Where no times are told, an id is all there is.
        case .unknown: return job.created == nil ? .somebodyElses : .unknown
        }
    }

    /// True if a job is not there any more that was known before the start: the server was restarted, and may have given
    /// ids away again.
    private var isForgotten: Bool {
        anchor.map { !isListed($0) } ?? false
    }

    /// The job that shows whether the server has kept its jobs: one without a time does not, where times are told.
    private var anchor: JobIdentity? {
        evidence.newest.flatMap { $0.created != nil || reading.jobs.allSatisfy { $0.created == nil } ? $0 : nil }
    }

    /// True if the anchor, while it is listed, was surely made before the start. Of a server that tells minutes, a job that was
    /// made after a restart may have got its id in the same minute.
    private var provesMemory: Bool {
        guard let anchor else { return false }
        guard let created = anchor.created, !anchor.isExact else { return true }
        return expected.map { created.upperBound < $0.lowerBound } ?? false
    }

    /// A job of which the time is not known does not show that its id has not been given away again, where times are told.
    private func isListed(_ job: JobIdentity) -> Bool {
        reading.jobs.contains { shows($0, job) }
    }

    private func shows(_ listed: Job, _ job: JobIdentity) -> Bool {
        JobIdentity(listed).mayBe(job) && (job.created != nil || listed.created == nil)
    }

    private func isAnchor(_ job: Job) -> Bool { evidence.newest.map { shows(job, $0) } ?? false }

    /// False if the server's clock is known, and the job was made at another time.
    private func isExpected(_ job: Job) -> Bool {
        guard let expected, let created = job.createdRange else { return true }
        return expected.overlaps(created)
    }

    /// True if an earlier start that is left to a person may have made a job that is listed only now.
    private var mayBeOfDoubt: Bool {
        gate.doubtful.contains { earlier in
            // What was made when is only known by the server's clock.
            guard expected != nil, let earlier, let sent = open.readiness.serverTime else { return true }
            return sent - earlier < Self.latestArrival
        }
    }

    /// The jobs it may have are named, so that a person can look and nobody else takes them.
    func ambiguous(_ reason: String, _ api: StudioAPI) -> DoubtVerdict {
        .ambiguous(Ambiguity(reason: reason, candidates: candidates(api).map { api.identity(of: $0.job) }))
    }
}

extension StudioAPI {
    /// What tells a job apart.
    package func identity(of job: Job) -> JobIdentity { JobIdentity(job, user: echo(of: job).user) }
}
