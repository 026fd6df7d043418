import DataStudio

/// Finds out by the server's list of jobs whether a start happened of which the answer is missing. No I/O, no clock.
///
/// It counts as not having happened only if everything says so, and a job is taken only if everything says it is ours:
/// whatever is less is left to a person.
struct DoubtInquiry: Sendable {
    /// What is known of the start.
    let open: OpenAttempt
    /// Of another run, if it is not about the start of the step that holds the gate.
    let foreign: GateState.Doubt?
    /// By the server's clock: when its job was made, if it was. `nil` if that cannot be told.
    let window: ClosedRange<Timestamp>?
    /// Whose key it is that the starts are sent with, if the server tells.
    let user: String?
    let gate: GateState
    let rules: StartRules
    let includesQueued: Bool

    /// It is about jobs that the journal may have forgotten.
    var isOfRestoredJournal = false

    private(set) var cursor = ListCursor.first
    private var matches: [Job] = []
    private var others: [Job] = []
    private var evidence = ""

    /// Times in replies may be whole seconds, and the server's clock is known to a second.
    static let tolerance = Duration.seconds(2)
    /// A request that has not left by then never does.
    static let longestDeparture = Duration.seconds(5)

    init(
        _ open: OpenAttempt, foreign: GateState.Doubt?, window: ClosedRange<Timestamp>?,
        user: String?, gate: GateState, rules: StartRules, includesQueued: Bool
    ) {
        self.open = open
        self.foreign = foreign
        self.window = window
        self.user = user
        self.gate = gate
        self.rules = rules
        self.includesQueued = includesQueued
    }

    /// Takes a page of the list.
    ///
    /// - Returns: `nil` if the next page is to be asked for.
    mutating func take(_ page: Page<Job>, _ api: StudioAPI) -> DoubtVerdict? {
        guard let window else {
            return ambiguous("the server's clock is not known, so its jobs cannot be told apart by their times")
        }
        for job in page.items {
            // Seen on the page before as well: new jobs move the others on.
            guard !(matches + others).contains(where: { $0.id == job.id }) else { continue }
            sort(job, window, api)
        }
        guard page.unreadable == 0 else {
            return ambiguous("the server's list holds jobs that cannot be read")
        }
        let isPast = !page.items.isEmpty && page.items.allSatisfy { $0.created.map { $0 < window.lowerBound } ?? false }
        guard !isPast, let next = page.next else { return verdict() }
        guard next.page < rules.mostPages else {
            return ambiguous("the server's list is too long to be read back to the time of the start")
        }
        cursor = next
        return nil
    }

    /// True if a job that is listed later could have been made by the start all the same.
    func couldBeIts(_ job: Job, _ api: StudioAPI) -> Bool {
        guard let window, let created = job.created, window.contains(created), job.label == open.start.label else {
            return false
        }
        guard ownership(of: job) != .somebodys else { return false }
        if case .no = fit(of: job, api.echo(of: job)) { return false }
        return true
    }

    private mutating func sort(_ job: Job, _ window: ClosedRange<Timestamp>, _ api: StudioAPI) {
        guard job.label == nil || job.label == open.start.label || job.label.map(Mask.isIn) == true,
            !gate.reserved.contains(where: { $0.mayBe(job) })
        else { return }
        if let created = job.created, created < window.lowerBound { return }
        let ownership = ownership(of: job)
        guard ownership != .somebodys else { return }
        let isInTime = job.created.map(window.contains) ?? false
        let isKnown = job.label == open.start.label && isInTime && ownership == .nobodys && !mayBeOfDoubt(job)
        switch fit(of: job, api.echo(of: job)) {
        case .no: break
        case .yes(let evidence) where isKnown:
            matches.append(job)
            self.evidence = evidence
        case .yes, .maybe: others.append(job)
        }
    }

    private enum Ownership {
        case nobodys, somebodys
        /// It has the id of a step's job, and nobody knows from when that is.
        case unknown
    }

    private func ownership(of job: Job) -> Ownership {
        var ownership = Ownership.nobodys
        for owned in gate.owned where owned.id == job.id {
            guard let created = job.created, let from = owned.from, let to = owned.to else {
                ownership = .unknown
                continue
            }
            // The same id with another time is another job.
            if from <= created, created <= to { return .somebodys }
        }
        return ownership
    }

    /// True for one that a start may have made that is in doubt for a person to decide.
    private func mayBeOfDoubt(_ job: Job) -> Bool {
        guard let created = job.created else { return true }
        let longest = Self.longestDeparture + rules.settle + Self.tolerance
        return gate.doubtful.contains { $0 + (.zero - Self.tolerance) <= created && created <= $0 + longest }
    }

    private enum Fit {
        case no
        /// Something cannot be compared, as a secret stands in it.
        case maybe
        /// With what the server says of it; empty if it says nothing.
        case yes(String)
    }

    /// Whether what the server says of a job fits the start.
    private func fit(of job: Job, _ echo: JobEcho) -> Fit {
        var evidence: [String] = []
        var isCertain = true
        /// What a secret stands in differs from run to run, and what repeats one is masked where nobody meant it.
        func fits(_ own: String, _ other: String) -> Bool {
            if own == other { return true }
            isCertain = false
            return Mask.isIn(own) || Mask.isIn(other)
        }
        if let user, let owner = echo.user {
            guard user == owner else { return .no }
            evidence.append("user \(owner)")
        }
        if let space = open.start.space, let own = echo.space, !fits(space, own) { return .no }
        if let parameters = echo.parameters {
            // The server may add what the workflow has by default.
            for parameter in open.start.parameters {
                guard let other = parameters.first(where: { $0.name == parameter.name }),
                    fits(parameter.value, other.value)
                else { return .no }
            }
            if !parameters.isEmpty { evidence.append("the same parameters") }
        }
        return isCertain ? .yes(evidence.joined(separator: ", ")) : .maybe
    }

    private func verdict() -> DoubtVerdict {
        if !others.isEmpty {
            return ambiguous("jobs of the workflow fit it, and nothing tells whether they are its own")
        }
        guard matches.count < 2 else { return ambiguous("more than one job of the workflow fits it") }
        if let job = matches.first {
            guard !evidence.isEmpty || rules.isExclusive else {
                return ambiguous("one job of the workflow fits it, and the server does not tell whose it is")
            }
            let evidence = evidence.isEmpty ? "nobody else starts workflows there" : evidence
            return .adopt(job, evidence: evidence)
        }
        guard includesQueued else {
            return ambiguous("the server lists no job of it, and may not list jobs that have not begun")
        }
        return .void("the server has no job of it")
    }

    func ambiguous(_ reason: String) -> DoubtVerdict {
        .ambiguous(Ambiguity(reason: reason, candidates: (matches + others).map { SeenJob($0) }))
    }
}
