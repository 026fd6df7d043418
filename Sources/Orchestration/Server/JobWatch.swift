package import DataStudio

/// Decides when to ask a server about the jobs in flight, and what is news: one list for all of them.
///
/// No I/O and no clock: instants are those of a monotonic clock, as durations since some beginning.
package struct JobWatch: Sendable {
    /// What to do next.
    package enum Action: Equatable, Sendable {
        /// Call ``ticked(_:at:)`` with the number after the time.
        case tick(Int, after: Duration)
        case list(createdAfter: Timestamp?, at: ListCursor, pageSize: Int)
        /// Ask for one job that the list does not show.
        case ask(JobID)
    }

    /// What an answer said of watched jobs.
    package struct News: Sendable {
        /// Jobs that were seen, once for each step that watches them.
        package var seen: [(step: NodeID, job: Job)] = []
        /// Of those, the ones that were seen for the first time.
        package var first: [(step: NodeID, job: Job)] = []
        /// How long new jobs were missing from the list that it shows now for the first time.
        package var lags: [Duration] = []
        /// Steps whose job the server has not known for too long. They are not watched any more.
        package var lost: [NodeID] = []
        /// What to do next.
        package var actions: [Action] = []
    }

    /// A job just started may be missing for so long, whatever the patience.
    package static let shortestAbsence = Duration.seconds(30)
    /// The server's clock may be behind ours by as much until its own times are known.
    static let clockMargin = Duration.seconds(-300)
    private static let shortest = Duration.milliseconds(5)
    private static let longest = Duration.seconds(30)
    /// A list of several pages is asked for so much later for each page but one: a server that sends small pages is not
    /// asked more for it.
    private static let pausePerPage = Duration.milliseconds(500)
    private static let smallestPage = 200
    private static let largestPage = 10_000
    /// How many jobs are asked for one by one in a tick.
    private static let singleRequests = 8

    private var canList: Bool
    private let canAsk: Bool
    /// A job that neither the list nor its own request shows for so long is lost.
    private let longestAbsence: Duration
    private var entries: [NodeID: Entry] = [:]
    /// The steps that watch a job of that id.
    private var watchers: [JobID: [NodeID]] = [:]
    private var tickNumber = 0
    private var tickAt: Duration?
    private var isAsking = false
    private var askedAt = Duration.zero
    private var lastAnswer = Duration.zero
    /// Jobs of this listing of which it is not known whether they are the ones that are watched.
    private var heldBack: [Job] = []
    private var pageSize = Self.smallestPage
    /// How many pages the list has had in this tick.
    private var pages = 0
    private var asked = 0

    /// When the list at hand was asked for.
    var listAskedAt: Duration { askedAt }

    /// - Parameters:
    ///   - canList: false where the server has no list of jobs: then each is asked for.
    ///   - canAsk: false where a job cannot be asked for: one that the list does not show is waited for.
    ///   - patience: how long the server may not know a job.
    package init(canList: Bool, canAsk: Bool = true, patience: Duration = .zero) {
        self.canList = canList
        self.canAsk = canAsk
        longestAbsence = max(patience, Self.shortestAbsence)
    }

    /// The steps whose jobs are watched.
    package var steps: some Collection<NodeID> { entries.keys }

    /// The steps that watch a job of that id.
    package func steps(of job: JobID) -> [NodeID] { watchers[job] ?? [] }

    /// How long a job of that id has been watched; `nil` if none is.
    package func age(of job: JobID, at now: Duration) -> Duration? {
        steps(of: job).compactMap { entries[$0] }.map { now - $0.acceptedAt }.max()
    }

    /// Watches one more job, or a job for one more step.
    ///
    /// - Parameter since: what its stamp is no earlier than, if it is not known.
    package mutating func watch(
        _ step: NodeID, _ job: WatchedJob, at now: Duration, since: Timestamp
    ) -> [Action] {
        unwatch(step)
        entries[step] = Entry(job, at: now, since: since)
        watchers[job.identity.id, default: []].append(step)
        return schedule(at: now, for: step)
    }

    /// The job of a step is expected to end at that time, which may have passed.
    package mutating func expect(_ step: NodeID, at end: Duration, now: Duration) -> [Action] {
        guard entries[step] != nil else { return [] }
        entries[step]?.expectedEnd = end
        return schedule(at: now, for: step)
    }

    /// Watches a step's job no longer.
    package mutating func unwatch(_ step: NodeID) {
        guard let job = entries.removeValue(forKey: step)?.identity.id else { return }
        watchers[job]?.removeAll { $0 == step }
        if watchers[job]?.isEmpty == true { watchers[job] = nil }
    }

    /// A tick's time has come. One that was replaced by an earlier one is ignored.
    package mutating func ticked(_ number: Int, at now: Duration) -> [Action] {
        guard number == tickNumber, tickAt != nil, !isAsking else { return [] }
        tickAt = nil
        return ask(at: now)
    }

    private mutating func ask(at now: Duration) -> [Action] {
        isAsking = !entries.isEmpty
        guard isAsking else { return [] }
        askedAt = now
        guard canList else { return askSingly(Array(watchers.keys)) }
        for step in entries.keys { entries[step]?.isInListing = false }
        heldBack = []
        pages = 0
        pageSize = min(max(entries.count + entries.count / 4, Self.smallestPage), Self.largestPage)
        return [list(at: .first)]
    }

    private func list(at cursor: ListCursor) -> Action {
        .list(createdAfter: entries.values.map(\.since).min(), at: cursor, pageSize: pageSize)
    }

    private mutating func askSingly(_ jobs: [JobID]) -> [Action] {
        let oldest = jobs.sorted { a, b in
            let (x, y) = (lastAsked(a), lastAsked(b))
            return x == y ? a.text < b.text : x < y
        }
        let chosen = oldest.prefix(Self.singleRequests)
        asked = chosen.count
        return chosen.map { .ask($0) }
    }

    private func lastAsked(_ job: JobID) -> Duration {
        steps(of: job).compactMap { entries[$0]?.lastAsked }.min() ?? .zero
    }

    /// A page of the list has come.
    ///
    /// - Parameter user: who started a job, where the server tells.
    package mutating func listed(_ page: Page<Job>, user: (Job) -> String? = { _ in nil }, at now: Duration) -> News {
        var news = News()
        pages += 1
        confirm(page, user)
        let items = heldBack + page.items
        heldBack = []
        for job in items {
            let identity = JobIdentity(job, user: user(job))
            var isHeldBack = false
            for step in steps(of: job.id) {
                guard let entry = entries[step], !entry.isInListing else { continue }
                switch entry.recognises(identity, canList: canList, at: now) {
                case .different: continue
                // A page that follows may show the older job that settles it.
                case .unknown: isHeldBack = true
                case .same:
                    if entry.isFromReply, !entry.isListed {
                        news.lags.append(entry.missedAt.map { $0 - entry.acceptedAt } ?? .zero)
                    }
                    entries[step]?.isInListing = true
                    entries[step]?.isListed = true
                    see(job, identity, for: step, &news)
                }
            }
            if isHeldBack { heldBack.append(job) }
        }
        // One that was accepted after the list was asked for need not be in it.
        let missing = entries.filter { $1.acceptedAt <= askedAt && !$1.isInListing }
        // Of a list that is cut, the rest may show it: what it has not shown is asked for.
        if page.next == nil, !page.isCut { for step in missing.keys { entries[step]?.missedAt = askedAt } }
        if let next = page.next, !missing.isEmpty, !areFewOld(missing.values) {
            news.actions = [list(at: next)]
        } else if missing.isEmpty || !canAsk {
            news.actions = endTick(at: now)
        } else {
            news.actions = askSingly(Array(Set(missing.values.map(\.identity.id))))
        }
        return news
    }

    /// True for a few that lists have shown before: behind many jobs that have ended since, each is asked for with less effort
    /// than its page.
    private func areFewOld(_ missing: some Collection<Entry>) -> Bool {
        canAsk && heldBack.isEmpty && missing.count <= Self.singleRequests && missing.allSatisfy(\.isListed)
    }

    /// Jobs that are listed and were there before those that are watched: the server has kept its jobs.
    private mutating func confirm(_ page: Page<Job>, _ user: (Job) -> String?) {
        let jobs = Dictionary(grouping: page.items, by: \.id)
        let confirmed = entries.compactMap { step, entry -> NodeID? in
            guard let older = entry.older, let listed = jobs[older.id] else { return nil }
            return listed.contains { JobIdentity($0, user: user($0)).mayBe(older) } ? step : nil
        }
        for step in confirmed { entries[step]?.confirm() }
    }

    /// The server refuses to list jobs: from now on each is asked for by itself.
    ///
    /// - Parameter isOwn: it is a list of this watch that was refused; of another one, one under way is still answered.
    /// - Returns: `nil` if it cannot be asked for them either.
    package mutating func listRefused(isOwn: Bool = true) -> [Action]? {
        canList = false
        guard canAsk else { return nil }
        return isOwn ? ask(at: askedAt) : []
    }

    private mutating func see(_ job: Job, _ identity: JobIdentity, for step: NodeID, _ news: inout News) {
        if entries[step]?.isSeen == false { news.first.append((step, job)) }
        entries[step]?.see(identity)
        news.seen.append((step, job))
    }

    /// A job that was asked for has answered; `nil`: the server does not know it.
    package mutating func answered(_ id: JobID, _ job: Job?, user: String? = nil, at now: Duration) -> News {
        var news = News()
        let shown = job.flatMap { $0.id == id ? ($0, JobIdentity($0, user: user)) : nil }
        for step in steps(of: id) {
            entries[step]?.lastAsked = now
            if let (job, identity) = shown, entries[step]?.recognises(identity, canList: canList, at: now) == .same {
                see(job, identity, for: step, &news)
            } else if let missing = entries[step]?.miss(at: now), missing >= longestAbsence {
                news.lost.append(step)
                unwatch(step)
            }
        }
        asked -= 1
        if asked <= 0 { news.actions = endTick(at: now) }
        return news
    }

    /// No answer comes any more: the next watch asks anew.
    package mutating func gaveUp() {
        isAsking = false
        tickAt = nil
    }

    private mutating func endTick(at now: Duration) -> [Action] {
        isAsking = false
        lastAnswer = now
        return schedule(at: now)
    }

    /// Plans the next tick, unless one is planned that comes no later.
    ///
    /// - Parameter step: the only one of which something is new. A tick that is planned is early enough for all others: each
    ///   may stay unknown for as long from then on, or for longer.
    private mutating func schedule(at now: Duration, for step: NodeID? = nil) -> [Action] {
        guard !isAsking else { return [] }
        let news = tickAt == nil ? nil : step.flatMap { entries[$0] }.map { [$0] }
        guard let wait = (news ?? Array(entries.values)).map({ interval($0, at: now) }).min() else { return [] }
        // The more jobs, the longer the lists: no more than two thousand jobs a second are asked for.
        let floor = min(Self.shortest * (1 + entries.count / 10), Self.longest)
        let at = max(
            now + max(wait, Self.shortest), lastAnswer + floor,
            lastAnswer + Self.pausePerPage * max(0, pages - 1))
        if let tickAt, tickAt <= at { return [] }
        tickNumber += 1
        tickAt = at
        return [.tick(tickNumber, after: at - now)]
    }

    /// How long the state of a job may stay unknown: at first a few milliseconds, then up to a second or a hundredth of its
    /// age, whichever is larger; around its usual end a second, or a quarter of the time from there.
    private func interval(_ entry: Entry, at now: Duration) -> Duration {
        let age = now - entry.acceptedAt
        let usual = min(max(Self.shortest, min(age / 4, max(.seconds(1), age / 100))), Self.longest)
        guard let end = entry.expectedEnd else { return usual }
        return min(usual, max(.seconds(1), (now < end ? end - now : now - end) / 4))
    }
}
