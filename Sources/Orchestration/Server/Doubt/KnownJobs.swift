import DataStudio

/// The jobs of a server that lists have shown: a job among them was there before a start that leaves now.
///
/// It may be old: what it lacks is only looked at more closely later.
struct KnownJobs: Sendable {
    private(set) var newest: JobIdentity?
    /// When the newest end of the list was read last; `nil`: never in this process.
    private(set) var readAt: Duration?
    /// True if every job was shown that was made as little before the newest as ``reach`` says.
    private(set) var isComplete = false
    /// Those that belong to no step, as far as is known: by label in lower case, and by id.
    private var jobs: [String: [JobID: JobIdentity]] = [:]
    private var count = 0
    /// Those that belong to steps, whether or not a list has shown them.
    private var ownedJobs: [JobID: JobIdentity] = [:]

    /// How far behind the newest known job another one may be stamped that was made later: clocks are set, machines of one
    /// server stamp by different zones. A day, and the two hours that clocks are set by.
    static let reach = Duration.seconds(26 * 3600)
    /// What comes back into the list later is read again: so far behind the newest.
    static let recent = Duration.seconds(2 * 3600)
    /// A list that is older than that is read anew before a start.
    static let longestAge = Duration.seconds(30)
    private static let most = 4_000
    private static let mostOwned = 20_000

    init(newest: JobIdentity?) {
        self.newest = newest
    }

    /// True if the newest end of the list was read not long ago.
    func isFresh(at now: Duration) -> Bool { readAt.map { now - $0 <= Self.longestAge } ?? false }

    /// A part of the list has come.
    mutating func take(_ page: [JobIdentity]) {
        for job in page {
            // One whose time is not told may have got the id of a job of ours.
            if ownedJobs[job.id]?.compare(job) != .same { take(job) }
            compareWithNewest(job)
        }
        if count > Self.most { prune() }
    }

    /// The journal has these jobs for steps.
    mutating func take(owned: [JobIdentity]) {
        for job in owned { own(job) }
        guard ownedJobs.count > Self.mostOwned else { return }
        let newer = Self.newerHalf(of: ["": ownedJobs])
        ownedJobs = newer.jobs[""] ?? [:]
    }

    /// The job of a step of this process was seen.
    mutating func take(owned job: JobIdentity) {
        take(owned: [job])
        compareWithNewest(job)
    }

    private mutating func own(_ job: JobIdentity) {
        guard job.created != nil else {
            // What is known of it may be more.
            if ownedJobs[job.id] == nil { ownedJobs[job.id] = job }
            return
        }
        // Of two with one id the server has the later one.
        if let other = ownedJobs[job.id]?.created, let own = job.created, other.lowerBound > own.lowerBound { return }
        ownedJobs[job.id] = job
        for key in [Self.key(job.label), ""] where jobs[key]?[job.id]?.compare(job) == .same {
            jobs[key]?[job.id] = nil
            count -= 1
            if jobs[key]?.isEmpty == true { jobs[key] = nil }
        }
    }

    /// The newest end of the list has been read, by a request that was sent at that time.
    mutating func isRead(at now: Duration) { readAt = now }

    /// The list has been read as far back as ``reach``, or only in part.
    mutating func isRead(at now: Duration, wholly isWhole: Bool) {
        readAt = now
        isComplete = isWhole
    }

    /// A start of ours was answered with that job, of which the time is not known yet.
    mutating func accepted(_ job: JobIdentity) { compareWithNewest(job) }

    private mutating func take(_ job: JobIdentity) {
        if jobs[Self.key(job.label), default: [:]].updateValue(job, forKey: job.id) == nil { count += 1 }
    }

    private mutating func compareWithNewest(_ job: JobIdentity) {
        guard let last = newest else {
            newest = job
            return
        }
        // How far back a list is read follows from the time of the newest: without one it tells less than an older job.
        guard let created = job.created else { return }
        guard let known = last.created, known.upperBound >= created.lowerBound else {
            newest = job
            return
        }
        // Made in the same minute, as far as is told: a server that was restarted gives the greater id away again last.
        if known == created, (last.id.text.count, last.id.text) < (job.id.text.count, job.id.text) { newest = job }
    }

    /// Forgets the older half.
    private mutating func prune() {
        let oldest: Timestamp?
        (jobs, count, oldest) = Self.newerHalf(of: jobs)
        if let oldest, let last = newest?.created, oldest <= last.lowerBound + (.zero - Self.reach) { return }
        isComplete = false
    }

    /// Without the older half, and without those of which the time is not known.
    ///
    /// - Returns: them, their number, and the time from which on they are.
    private static func newerHalf(
        of jobs: [String: [JobID: JobIdentity]]
    ) -> (jobs: [String: [JobID: JobIdentity]], count: Int, oldest: Timestamp?) {
        let times = jobs.values.flatMap { $0.values.compactMap { $0.created?.lowerBound } }.sorted()
        guard !times.isEmpty else { return ([:], 0, nil) }
        let oldest = times[times.count / 2]
        let newer = jobs.mapValues { $0.filter { job in job.value.created.map { $0.lowerBound >= oldest } ?? false } }
            .filter { !$0.value.isEmpty }
        return (newer, newer.values.reduce(0) { $0 + $1.count }, oldest)
    }

    private static func key(_ label: String?) -> String { label?.lowercased() ?? "" }

    /// The jobs of a workflow that belong to steps.
    func owned(of label: String) -> [JobIdentity] {
        let key = Self.key(label)
        return ownedJobs.values.filter { Self.key($0.label) == key || $0.label == nil }
    }

    /// The jobs of a workflow, and those without a label, that belong to no step and satisfy a condition, the newest first.
    func jobs(of label: String, where isWanted: (JobIdentity) -> Bool) -> [JobIdentity] {
        let candidates = [Self.key(label), ""].flatMap { jobs[$0].map { Array($0.values) } ?? [] }
        return candidates.filter(isWanted).sorted { a, b in
            let (x, y) = (a.created?.lowerBound, b.created?.lowerBound)
            return x == y
                ? a.id.text < b.id.text : (x ?? Timestamp(milliseconds: .min)) > (y ?? Timestamp(milliseconds: .min))
        }
    }
}
