import DataStudio

/// What is found out before a start leaves: whose the key is, and which jobs there are.
extension ServerMachine {
    // MARK: Whose key it is

    /// Asks the server whose the key is.
    ///
    /// - Returns: false if there is no request for that.
    mutating func greet(for step: NodeID) -> Bool {
        if greeting == nil {
            guard let request = try? api.keyRequest() else {
                isGreeted = true
                return false
            }
            greeting = send(request, for: .greeting)
        }
        greeted.append(step)
        return true
    }

    /// The server has answered; without a user, that is not known.
    mutating func welcomed(user: String?) {
        keyUser = user
        isGreeted = true
        greeting = nil
        let steps = greeted
        greeted = []
        for step in steps { goOn(step) }
    }

    /// The server could not be asked for as long as the patience lasts: no start is sent to it. What it answers and nobody
    /// understands is done without.
    mutating func unprepared(_ failure: StepFailure) {
        guard failure.kind != .protocol else { return isGreeted ? surveyFailed() : welcomed(user: nil) }
        let steps = greeted + surveyed
        (greeting, greeted) = (nil, [])
        (survey, surveyed) = (nil, [])
        for step in steps where starts[step] != nil { finish(step, .failed(failure)) }
    }

    /// What is only asked to be better prepared is done without.
    mutating func unprepared(_ id: ExchangeID, _ use: Exchange.Use) {
        end(id)
        if case .survey = use { surveyFailed() } else { welcomed(user: nil) }
    }

    // MARK: Which jobs there are

    /// Reads the list of jobs.
    ///
    /// - Returns: false if there is no request for that.
    mutating func survey(for step: NodeID, isFull: Bool = false) -> Bool {
        guard api.supports(.listJobs), !isListRefused else { return false }
        surveyed.append(step)
        guard survey == nil else { return true }
        // The first list of a life shows what there is; later ones what has come since.
        let isFirst = known.readAt == nil || isFull
        let oldest = isFull ? baselineOfRestore : oldestBaseline
        let back = (isFirst ? oldest : known.newest)?.created.map {
            $0.lowerBound + (.zero - (isFirst ? KnownJobs.reach : KnownJobs.recent))
        }
        survey = (JobListReading(back: back, order: profile.order, mostPages: rules.mostPages), now, isFirst, oldest)
        askSurvey()
        return true
    }

    private mutating func askSurvey() {
        guard let cursor = survey?.reading.cursor,
            let request = try? api.jobListRequest(createdAfter: nil, at: cursor, pageSize: Self.doubtPageSize)
        else { return surveyFailed() }
        send(request, for: .survey(cursor))
    }

    mutating func surveyed(_ page: Page<Job>) {
        guard let progress = survey?.reading.take(page) else { return }
        remember(page)
        if case .page = progress { return askSurvey() }
        guard let survey else { return }
        if survey.isFull {
            unexpected = survey.reading.jobs.filter { isNewer($0, than: survey.known, KnownJobs.reach) }
        }
        known.isRead(at: survey.began, wholly: progress == .done && (survey.isFull || known.isComplete))
        let newest = known.newest?.anchor
        let order =
            survey.reading.order == .unknown && progress == .tooLong
            ? orderOfLong(survey.reading.jobs) : survey.reading.order
        learn { profile in
            if order != .unknown { profile.order = order }
            profile.newest = newest ?? profile.newest
        }
        goOnSurveyed()
    }

    /// The server has no list that can be read: these starts leave without.
    mutating func surveyFailed() {
        for step in surveyed { starts[step]?.goesUnlisted = true }
        goOnSurveyed()
    }

    /// The order of a list that is too long to be read to its end: it counts as proved by a thousand entries, if a job of
    /// this life has come in at their beginning.
    private func orderOfLong(_ jobs: [Job]) -> ListOrder {
        let isOwnFirst = jobs.prefix(Self.doubtPageSize).contains { own.contains($0.id) }
        return jobs.count >= 1_000 && isOwnFirst && JobListReading.keeps(.newestFirst, jobs) ? .newestFirst : .unknown
    }

    private mutating func goOnSurveyed() {
        survey = nil
        let steps = surveyed
        surveyed = []
        for step in steps { starts[step]?.isListed = true }
        for step in steps { goOn(step) }
    }

    /// A list has shown these jobs.
    mutating func remember(_ page: Page<Job>) {
        let jobs = page.items.map { api.identity(of: $0) }
        known.take(jobs)
        if let order = survey?.reading.order, order != .unknown { return }
        if profile.order != .unknown, !JobListReading.keeps(profile.order, page.items) { learn { $0.order = .none } }
    }

    /// What a key is known by: its end, and the user that the server names. Neither alone tells keys apart; `nil` for a key
    /// of which only an end is known that is no end.
    var keyName: String? {
        if let keyUser { return "\(identity.key) \(keyUser)" }
        return identity.key.count > 1 ? identity.key : nil
    }

    // MARK: What is kept of it

    /// What is known now, for the intent of a start that is about to leave.
    func evidence(for pending: PendingStart, isBounded: Bool) -> StartEvidence {
        var evidence = StartEvidence()
        let learned = keyName.flatMap { profile.users[$0] }
        evidence.user = learned ?? keyUser
        evidence.isUserProven = learned != nil
        evidence.key = keyName
        evidence.newest = known.newest?.anchor
        evidence.boot = bootTime
        evidence.isBounded = isBounded
        let back = known.newest?.created.map { $0.lowerBound + (.zero - KnownJobs.reach) }
        let owned = Dictionary(grouping: (pending.state?.owned ?? []).map(\.identity), by: \.id)
        let jobs = known.jobs(of: pending.start.label) { job in
            if evidence.isUserProven, let user = job.user, user != evidence.user { return false }
            if let back, let created = job.created, created.upperBound < back { return false }
            return !(owned[job.id] ?? []).contains { $0.compare(job) == .same }
        }
        evidence.known = jobs.prefix(StartEvidence.mostKnown).map { JobIdentity($0.id, created: $0.created) }
        evidence.isListed = known.isComplete && jobs.count <= StartEvidence.mostKnown
        return evidence
    }

    // MARK: What the journal may have forgotten

    /// The first start of a gate after a restore waits until every start that the journal has forgotten is listed, and looks
    /// then.
    ///
    /// - Returns: false if it has to wait.
    mutating func isSettledSinceRestore(_ step: NodeID) -> Bool {
        guard let pending = starts[step], !examined.contains(pending.gate), !pending.goesUnlisted else { return true }
        let settled = DoubtInquiry.longestFlight + profile.settle(rules.settle)
        guard now >= settled else {
            act(.deliver(.startWaits(step, "the journal was restored: looking for jobs that it does not know")))
            act(.setTimer(.open(step), after: settled - now))
            return false
        }
        return known.readAt.map { $0 >= settled } ?? false || !survey(for: step, isFull: true)
    }

    /// Looks, before a start leaves, for jobs of ours that the journal does not know: it may have been set back.
    ///
    /// - Returns: true if there are any: then the start is written down as one in doubt, and not sent.
    mutating func examine(_ step: NodeID) -> Bool {
        guard let pending = starts[step], let state = pending.state else { return false }
        // Also for the starts behind the first one: there may be a job for each.
        if state.isRestored { restored.insert(pending.gate) }
        let isRestored = restored.contains(pending.gate)
        guard isRestored || (isResumed && baseline != nil) else { return false }
        guard !isRestored || known.isComplete else {
            let reason =
                "the journal was restored from a backup, and the server's list cannot be read back to that time"
            starts[step]?.ambiguity = Ambiguity(reason: reason)
            return true
        }
        let forgotten = forgotten(by: pending, state, isRestored: isRestored)
        guard !forgotten.isEmpty else {
            if known.readAt != nil { examined.insert(pending.gate) }
            return false
        }
        let reason =
            !isRestored
            ? "the server has jobs of the workflow that look like Baton's own, and the journal does not know them: it may have "
                + "been set back"
            : "the journal was restored from a backup, and since then jobs of the workflow were made that it does not know"
        starts[step]?.ambiguity = Ambiguity(reason: reason, candidates: forgotten)
        return true
    }

    /// Jobs that this start may have made in a life that the journal does not know of.
    private func forgotten(by pending: PendingStart, _ state: GateState, isRestored: Bool) -> [JobIdentity] {
        guard !unexpected.isEmpty else { return [] }
        let ownership = JobOwnership(
            pending.start, evidence(for: pending, isBounded: true), profile, isExclusive: rules.isExclusive)
        let baseline = isRestored ? profile.restored : baseline
        let owned = Dictionary(
            grouping: known.owned(of: pending.start.label) + state.owned.map(\.identity), by: \.id)
        let jobs = unexpected.filter { job in
            guard isNewer(job, than: baseline, isRestored ? KnownJobs.reach : .zero) else { return false }
            guard job.label.map({ JobIdentity.isSame(label: pending.start.label, $0) }) ?? true else { return false }
            let identity = api.identity(of: job)
            guard !(owned[job.id] ?? []).contains(where: { $0.mayBe(identity) }) else { return false }
            let echo = api.echo(of: job)
            return switch ownership.finding(echo) {
            // The key may have been another one then.
            case .somebodyElses: isRestored && echo.user.map(profile.users.values.contains) ?? false
            case .ours: true
            // Without another sign that the journal was set back, it is one that somebody else has started.
            case .unknown: isRestored
            }
        }.map { api.identity(of: $0) }
        return state.unexplained(jobs)
    }

    /// The oldest of the jobs that a journal may have known last which was set back; `nil` if it knew none then, whatever it has
    /// learned since.
    private var baselineOfRestore: JobIdentity? { profile.restored == nil ? nil : oldestBaseline }

    /// Of the jobs that a journal may have known last, the oldest.
    private var oldestBaseline: JobIdentity? {
        guard let restored = profile.restored?.created, let own = baseline?.created else { return baseline }
        return restored.lowerBound < own.lowerBound ? profile.restored : baseline
    }

    /// True unless the job was surely there when the other was the newest.
    ///
    /// - Parameter margin: how far the clock that stamps jobs may have been set back in between.
    private func isNewer(_ job: Job, than other: JobIdentity?, _ margin: Duration) -> Bool {
        guard let known = other?.created, let created = job.createdRange else { return true }
        let margin = profile.clock.isMany ? KnownJobs.reach : margin
        let isTheSame = other.map { JobIdentity(job).compare($0) == .same } ?? false
        return !isTheSame && created.upperBound > known.upperBound + (.zero - margin)
    }
}
