package import DataStudio

/// What a retry starts, waits for and takes as done.
package struct RetryPlan: Sendable {
    /// As it is written down.
    package var retrial: Retrial
    /// Steps that start again.
    package var again: [StepDescription] = []
    /// Questions to a server that failed and are asked again, as `state (nightly.lua:7)`.
    package var asked: [String] = []
    /// Blocks whose time was up and that have it again, as `timeout (nightly.lua:7)`.
    package var timed: [String] = []
    /// Steps that have not been started, or were stopped before they were: they start as well.
    package var further: [StepDescription] = []
    /// Steps whose jobs still run, and are waited for.
    package var waits: [StepDescription] = []
    /// Steps that count as completed.
    package var done: [StepDescription] = []
    /// Steps that take a job somebody else started.
    package var adopted: [(step: StepDescription, job: JobID)] = []

    /// The jobs of steps that may still run, by the steps' keys: what starts again of those waits for their ends.
    package var mayRun: [String: JobID] = [:]
    /// Steps with jobs that another script does not ask for any more, or not in the same way; and whether their jobs still
    /// run.
    package var dropped: [(step: StepDescription, isRunning: Bool)] = []
    /// What was sent once and counts no more, as `POST https://… (nightly.lua:7)`.
    package var repeated: [String] = []
    /// What somebody has to want: each is a reason not to go on without being told to.
    package var consents: [String] = []

    init(retrial: Retrial) {
        self.retrial = retrial
    }

    /// The steps that are started, waited for or taken as done at once.
    package var steps: [StepDescription] { again + waits + done + adopted.map(\.step) }

    /// Adds a step that has ended and is done again.
    ///
    /// - Parameter isLeft: its time was up, and its job went on.
    mutating func add(_ step: StepDescription, _ choice: RetryChoice, isLeft: Bool) {
        if choice.done.contains(step.id) {
            retrial.done.append(step.key)
            done.append(step)
        } else if let job = choice.adopted[step.id] {
            retrial.adopted[step.key] = JobIdentity(job, created: nil)
            adopted.append((step, job))
        } else if isLeft {
            retrial.waits.append(step.key)
            waits.append(step)
        } else {
            retrial.again.append(step.key)
            again.append(step)
        }
    }
}
