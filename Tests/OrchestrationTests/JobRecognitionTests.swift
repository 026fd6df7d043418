import DataStudio
import JSON
import Testing

@testable import Orchestration

/// Which job of a list is the one that a step waits for: after a death only what is kept of it tells.
@Suite struct JobRecognitionTests {
    private static let noon = Timestamp(milliseconds: 1_772_337_906_000)
    private let step = NodeID(number: 1)

    private static func range(_ seconds: Int) -> ClosedRange<Timestamp> {
        noon + .seconds(seconds)...noon + .seconds(seconds)
    }

    /// The job with the id that is watched, as a list shows it.
    private static func job(_ id: String = "7", label: String? = "a", user: String?, at seconds: Int?) -> Job {
        let details: JSON = .record(["user": user.map { .string($0) }])
        return Job(
            id: JobID(id), label: label, state: .completed, created: seconds.map { noon + .seconds($0) },
            details: details)
    }

    private static let older = JobIdentity(JobID("3"), created: range(-600))

    /// Has a list read some time after the job was taken up, and what it does not show asked for by itself.
    ///
    /// - Returns: true if the step has been told of a job with the id.
    private func sees(_ watched: WatchedJob, _ jobs: [Job], after delay: Duration = .seconds(1)) -> Bool {
        var watch = JobWatch(canList: true)
        guard case .tick(let number, _)? = watch.watch(step, watched, at: .zero, since: Self.noon).first else {
            return false
        }
        func user(_ job: Job) -> String? { job.details["user"]?.text }
        _ = watch.ticked(number, at: delay)
        let news = watch.listed(Page(items: jobs), user: user, at: delay)
        var seen = news.seen
        for case .ask(let id) in news.actions {
            let job = jobs.first { $0.id == id }
            seen += watch.answered(id, job, user: job.flatMap(user), at: delay).seen
        }
        return !seen.isEmpty
    }

    /// What is kept of the job, what the list shows under its id, whether an older job is known and is listed.
    static let sights: [(kept: JobIdentity, shown: Job, older: Bool?, isSeen: Bool)] = [
        // A life has seen it: its time tells.
        (JobIdentity(JobID("7"), label: "a", created: range(0)), job(user: "x", at: 0), nil, true),
        (JobIdentity(JobID("7"), label: "a", created: range(0)), job(user: "x", at: 1), nil, false),
        (JobIdentity(JobID("7"), label: "a", created: range(0)), job(user: "x", at: 1), true, false),
        (JobIdentity(JobID("7"), label: "a", created: range(0)), job(label: "b", user: "x", at: 0), true, false),
        (JobIdentity(JobID("7"), label: "a", user: "x", created: range(0)), job(user: "y", at: 0), true, false),
        // None has, and its names are others.
        (JobIdentity(JobID("7"), label: "a"), job(label: "b", user: "x", at: 0), true, false),
        (JobIdentity(JobID("7"), label: "a", user: "x"), job(user: "y", at: 0), true, false),
        // Names are told, and the same.
        (JobIdentity(JobID("7"), label: "a", user: "x"), job(user: "x", at: 0), true, true),
        // But a job of another run has the same.
        (JobIdentity(JobID("7"), label: "a", user: "x"), job(user: "x", at: 0), false, false),
        (JobIdentity(JobID("7"), label: "a", user: "x"), job(user: "x", at: 0), nil, true),
        // They are not: it is known by an older job that the server has kept its jobs.
        (JobIdentity(JobID("7"), label: "a"), job(user: nil, at: 0), true, true),
        (JobIdentity(JobID("7"), label: "a"), job(user: nil, at: 0), false, false),
        (JobIdentity(JobID("7"), label: "a", user: "x"), job(user: nil, at: 0), false, false),
        (JobIdentity(JobID("7"), label: "a"), job(user: "y", at: 0), true, true),
        (JobIdentity(JobID("7"), label: "a"), job(user: "y", at: 0), false, false),
        // Nothing tells.
        (JobIdentity(JobID("7"), label: "a"), job(user: nil, at: 0), nil, false),
        (JobIdentity(JobID("7"), label: "a"), job(user: "y", at: 0), nil, false),
    ]

    @Test(arguments: JobRecognitionTests.sights)
    func `the first sight of a job after a death`(
        sight: (kept: JobIdentity, shown: Job, older: Bool?, isSeen: Bool)
    ) {
        let watched = WatchedJob(sight.kept, newest: sight.older == nil ? nil : Self.older)
        let others = sight.older == true ? [Self.job("3", label: "z", user: "z", at: -600)] : []
        // The older job comes last, and may be on a later page.
        #expect(sees(watched, [sight.shown] + others) == sight.isSeen)
    }

    @Test func `an older job with the same id and another time is none that was kept`() {
        let watched = WatchedJob(JobIdentity(JobID("7"), label: "a"), newest: Self.older)
        let other = Self.job("3", label: "z", user: "z", at: -5)
        #expect(!sees(watched, [Self.job(user: nil, at: 0), other]))
    }

    @Test(arguments: [
        (JobIdentity(JobID("7"), created: range(0)), false), (JobIdentity(JobID("7"), label: "a"), false),
        (JobIdentity(JobID("7"), created: range(90)), true), (JobIdentity(JobID("7"), label: "b"), true),
    ])
    func `a job that may be one of a later start is not its own`(successor: JobIdentity, isSeen: Bool) {
        var watched = WatchedJob(JobIdentity(JobID("7"), label: "a", user: "x"))
        watched.successors = [successor]
        #expect(sees(watched, [Self.job(user: "x", at: 0)]) == isSeen)
    }

    /// Later the server may have been restarted, and have given the id to another job.
    @Test(arguments: [(0, false, true), (1, false, false), (10, false, false), (10, true, true)])
    func `what the server shows of a job that it has just named is taken as it is, and not for long`(
        seconds: Int, isOlderListed: Bool, isSeen: Bool
    ) {
        let watched = WatchedJob(JobIdentity(JobID("7"), label: "a"), newest: Self.older, isFromReply: true)
        let others = isOlderListed ? [Self.job("3", label: "z", user: "z", at: -600)] : []
        let shown = Self.job(user: #"CORP\x"#, at: 0)
        #expect(sees(watched, [shown] + others, after: .seconds(seconds)) == isSeen)
    }

    @Test func `how late a list shows a new job is told once, and only of one that the server has just named`() throws {
        for isFromReply in [true, false] {
            var watch = JobWatch(canList: true)
            let watched = WatchedJob(
                JobIdentity(JobID("7"), label: "a", created: isFromReply ? nil : Self.range(0)),
                isFromReply: isFromReply)
            let job = Self.job(user: "x", at: 0)
            var actions = watch.watch(step, watched, at: .zero, since: Self.noon)
            var lags: [Duration] = []
            for seconds in [1, 2, 3, 4, 5] {
                guard case .tick(let number, _)? = actions.first else { break }
                _ = watch.ticked(number, at: .seconds(seconds))
                let isListed = seconds > 3
                let news = watch.listed(Page(items: isListed ? [job] : []), at: .seconds(seconds))
                lags += news.lags
                actions = news.actions
                if case .ask(let id)? = news.actions.first {
                    actions = watch.answered(id, job, at: .seconds(seconds)).actions
                }
            }
            #expect(lags == (isFromReply ? [.seconds(3)] : []))
        }
    }
}
