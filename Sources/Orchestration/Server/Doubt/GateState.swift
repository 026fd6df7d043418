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
    /// Jobs that steps in doubt may have.
    package var reserved: [JobIdentity] = []
    /// When starts were about to leave, by the server's clock, of which only a person can say what came of them; `nil`: it
    /// is not known when.
    package var doubtful: [Timestamp?] = []
    /// Jobs of runs that no process holds, and that have not been seen to end.
    package var predecessors: [Predecessor] = []
    /// True if the journal was restored from a backup, and nothing has been started here since: jobs that it does not know
    /// may be its own.
    package var isRestored = false

    /// Nothing stands in the way.
    package init() {}
}
