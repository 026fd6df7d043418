import DataStudio
import Orchestration

/// Decides when to ask a server about the jobs in flight, and what is news: one list for all of them.
///
/// No I/O and no clock: instants are those of a monotonic clock, as durations since some beginning.
struct JobWatch {
    enum Action: Equatable {
        /// Call ``ticked(_:at:)`` with the number after the time.
        case tick(Int, after: Duration)
        case list(createdAfter: Timestamp?, page: Int, pageSize: Int)
        /// Ask for one job that the list does not show.
        case ask(JobID)
    }

    private struct Entry {
        let step: NodeID
        let acceptedAt: Duration
        /// When the server made it: by its own clock if it said so, else ours.
        var created: Timestamp
        var missingSince: Duration?
        /// When it was last asked for by itself.
        var lastAsked = Duration.zero
    }

    /// A job just started may be missing for so long, whatever the patience.
    private static let shortestAbsence = Duration.seconds(30)
    /// The server's clock may be behind ours by as much until its own times are known.
    private static let clockMargin = Duration.seconds(-300)
    private static let shortest = Duration.milliseconds(5)
    private static let longest = Duration.seconds(30)
    private static let smallestPage = 200
    private static let largestPage = 10_000
    /// How many jobs are asked for one by one in a tick.
    private static let singleRequests = 8

    private let canList: Bool
    private let canAsk: Bool
    /// A job that neither the list nor its own request shows for so long is lost.
    private let longestAbsence: Duration
    private var entries: [JobID: Entry] = [:]
    private var jobs: [NodeID: JobID] = [:]
    private var tickNumber = 0
    private var tickAt: Duration?
    private var isAsking = false
    private var lastAnswer = Duration.zero
    private var seenInListing: Set<JobID> = []
    private var pageSize = Self.smallestPage
    private var asked = 0

    /// - Parameters:
    ///   - canList: false where the server has no list of jobs: then each is asked for.
    ///   - canAsk: false where a job cannot be asked for: one that the list does not show is waited for.
    ///   - patience: how long the server may not know a job.
    init(canList: Bool, canAsk: Bool = true, patience: Duration = .zero) {
        self.canList = canList
        self.canAsk = canAsk
        longestAbsence = max(patience, Self.shortestAbsence)
    }

    /// Watches one more job.
    mutating func watch(_ step: NodeID, _ job: JobID, at now: Duration, wallClock: Timestamp) -> [Action] {
        jobs[step] = job
        entries[job] = Entry(step: step, acceptedAt: now, created: wallClock + Self.clockMargin)
        return schedule(at: now)
    }

    mutating func unwatch(_ step: NodeID) {
        if let job = jobs.removeValue(forKey: step) { entries[job] = nil }
    }

    /// A tick's time has come. One that was replaced by an earlier one is ignored.
    mutating func ticked(_ number: Int, at now: Duration) -> [Action] {
        guard number == tickNumber, tickAt != nil, !isAsking else { return [] }
        tickAt = nil
        guard !entries.isEmpty else { return [] }
        isAsking = true
        guard canList else { return askSingly(Array(entries.keys)) }
        seenInListing = []
        pageSize = min(max(entries.count + entries.count / 4, Self.smallestPage), Self.largestPage)
        return [list(page: 0)]
    }

    private func list(page: Int) -> Action {
        .list(createdAfter: entries.values.map(\.created).min(), page: page, pageSize: pageSize)
    }

    private mutating func askSingly(_ jobs: [JobID]) -> [Action] {
        let oldest = jobs.sorted { (entries[$0]?.lastAsked ?? .zero) < (entries[$1]?.lastAsked ?? .zero) }
        let chosen = oldest.prefix(Self.singleRequests)
        asked = chosen.count
        return chosen.map { .ask($0) }
    }

    /// A page of the list has come.
    ///
    /// - Returns: what is known now of watched jobs, and what to do next.
    mutating func listed(_ page: Page<Job>, number: Int, at now: Duration) -> (seen: [(NodeID, Job)], [Action]) {
        var seen: [(NodeID, Job)] = []
        for job in page.items {
            seenInListing.insert(job.id)
            if let news = see(job) { seen.append(news) }
        }
        let missing = entries.keys.filter { !seenInListing.contains($0) }
        if !missing.isEmpty, number + 1 < page.pages { return (seen, [list(page: number + 1)]) }
        if missing.isEmpty || !canAsk { return (seen, endTick(at: now)) }
        return (seen, askSingly(missing))
    }

    private mutating func see(_ job: Job) -> (NodeID, Job)? {
        guard let entry = entries[job.id] else { return nil }
        entries[job.id]?.missingSince = nil
        if let created = job.created { entries[job.id]?.created = created }
        return (entry.step, job)
    }

    /// A job that was asked for has answered; `nil`: the server does not know it.
    ///
    /// - Returns: what is known of it, or that it is lost.
    mutating func answered(
        _ id: JobID, _ job: Job?, at now: Duration
    ) -> (seen: (NodeID, Job)?, lost: NodeID?, actions: [Action]) {
        var seen: (NodeID, Job)?
        var lost: NodeID?
        entries[id]?.lastAsked = now
        if let job {
            seen = see(job)
        } else if let entry = entries[id] {
            let since = entry.missingSince ?? now
            entries[id]?.missingSince = since
            if now - since >= longestAbsence {
                lost = entry.step
                unwatch(entry.step)
            }
        }
        asked -= 1
        return (seen, lost, asked <= 0 ? endTick(at: now) : [])
    }

    private mutating func endTick(at now: Duration) -> [Action] {
        isAsking = false
        lastAnswer = now
        return schedule(at: now)
    }

    /// Plans the next tick, unless one is planned that comes no later.
    private mutating func schedule(at now: Duration) -> [Action] {
        guard !isAsking, let wait = entries.values.map({ interval(now - $0.acceptedAt) }).min() else { return [] }
        // The more jobs, the longer the lists: their number a second goes down as they grow.
        let floor = Self.shortest * (1 + entries.count / 10)
        let at = max(now + max(wait, Self.shortest), lastAnswer + min(floor, .seconds(1)))
        if let tickAt, tickAt <= at { return [] }
        tickNumber += 1
        tickAt = at
        return [.tick(tickNumber, after: at - now)]
    }

    /// How long the state of a job of that age may stay unknown: at first a few milliseconds, then up to a second or
    /// a hundredth of its age, whichever is larger.
    private func interval(_ age: Duration) -> Duration {
        min(max(Self.shortest, min(age / 4, max(.seconds(1), age / 100))), Self.longest)
    }
}
