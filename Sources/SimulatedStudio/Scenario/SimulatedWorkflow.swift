package import DataStudio

/// How one workflow of a scenario behaves.
package struct SimulatedWorkflow: Hashable, Sendable {
    /// How long a job is `QUEUED`; not negative.
    package var queued: Duration
    /// How long a job is `RUNNING`; not negative. A job without either is finished as soon as it is created.
    package var duration: Duration
    /// How a job ends: `completed`, `failed` or `cancelled`.
    package var outcome: JobState
    /// How many jobs, from the first on, end `FAILED` instead.
    package var failures: Int
    /// The job's message once it has ended.
    package var message: String?
    /// The names of parameters without which a start is refused.
    package var requires: [String]
    /// The external label of the space it lies in. A start that names another space is refused; one that names none is
    /// not.
    package var space: String?
    /// How a start is answered.
    package var reply: Reply

    /// An answer to a start.
    package enum Reply: Hashable, Sendable {
        /// With the job's id.
        case normal
        /// With this status (400 to 599) and an error, and nothing is started.
        case error(status: Int)
        /// Not at all: the job is started, and the connection is closed.
        case lost
    }

    /// Without arguments: one second, then completed.
    package init(
        queued: Duration = .zero, duration: Duration = .seconds(1), outcome: JobState = .completed,
        failures: Int = 0, message: String? = nil, requires: [String] = [], space: String? = nil, reply: Reply = .normal
    ) {
        self.queued = queued
        self.duration = duration
        self.outcome = outcome
        self.failures = failures
        self.message = message
        self.requires = requires
        self.space = space
        self.reply = reply
    }
}
