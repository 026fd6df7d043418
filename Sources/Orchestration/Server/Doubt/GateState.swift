package import DataStudio

/// What the journal knows when a gate is taken, of all runs.
package struct GateState: Hashable, Sendable {
    /// A start of another run, dead now, of which nobody knows what came of it.
    package struct Doubt: Hashable, Sendable {
        /// The run.
        package var run: String
        /// The step's key in it.
        package var key: String
        /// The attempt.
        package var attempt: Int
        /// What was to be started.
        package var open: OpenAttempt

        /// The doubt of a run about a step.
        package init(run: String, key: String, attempt: Int, open: OpenAttempt) {
            self.run = run
            self.key = key
            self.attempt = attempt
            self.open = open
        }
    }

    /// A job of an attempt of a run that no process holds: while it may run, nothing starts here.
    package struct Predecessor: Hashable, Sendable {
        /// The job.
        package let job: JobIdentity
        /// The attempt's run.
        package let run: String
        /// The step's key.
        package let key: String
        /// The attempt's number.
        package let attempt: Int
        /// False if the job is one that the attempt may have.
        package let isCertain: Bool

        /// The attempt's job, or one of its candidates.
        package init(_ job: JobIdentity, of row: AttemptRow) {
            self.job = job
            (run, key, attempt) = (row.run, row.key, row.attempt)
            isCertain = row.job == job.id
        }

        /// False for another job that has its id.
        func isSeen(as other: JobIdentity) -> Bool { job.mayBe(other) }
    }

    /// The run because of which nothing may start here: a step of it is in doubt.
    package var heldBy: String?
    /// What has to be settled first.
    package var doubts: [Doubt] = []
    /// The workflow's jobs that belong to steps.
    package var owned: [WatchedJob] = []
    /// The jobs that each step in doubt may have, of which it has one.
    package var undecided: [[JobIdentity]] = []
    /// Jobs about which a person has decided that they are not the step's that was in doubt.
    package var decided: [JobIdentity] = []
    /// Jobs that steps in doubt may have, or were in doubt about.
    package var reserved: [JobIdentity] { undecided.flatMap { $0 } + decided }
    /// When starts were about to leave, by the server's clock, of which only a person can say what came of them; `nil`: it
    /// is not known when.
    package var doubtful: [Timestamp?] = []
    /// Jobs of runs that no process holds, and that have not been seen to end.
    package var predecessors: [Predecessor] = []
    /// True if the journal was restored from a backup, and the backup has the run or nothing has been started here since: jobs
    /// that the journal does not know may be its own.
    package var isRestored = false

    /// The last attempt of which the journal knew all: of later ones the job or its time was still missing.
    package var lastAttempt: Int64 = 0

    /// Nothing stands in the way.
    package init() {}

    /// Of these jobs, the ones for which no other step in doubt accounts: each has made one of those that it may have. If
    /// several steps may have more jobs together than there are steps, each of these may be another step's.
    package func unexplained(_ jobs: [JobIdentity]) -> [JobIdentity] {
        func isIn(_ others: [JobIdentity]) -> (JobIdentity) -> Bool { { job in others.contains { $0.mayBe(job) } } }
        let doubts = undecided.filter { jobs.contains(where: isIn($0)) }
        let accounted = doubts.flatMap { $0 }.filter { !isIn(decided)($0) }
        let isScarce = Set(accounted.map(\.id)).count > doubts.count
        return jobs.filter { !isIn(reserved)($0) || (isScarce && isIn(accounted)($0)) }
    }
}
