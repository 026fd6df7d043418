package import DataStudio

/// What a retry starts, waits for and takes as done.
package struct RetryPlan: Sendable {
    /// As it is written down.
    package var retrial: Retrial
    /// Steps that start again.
    package var again: [StepDescription] = []
    /// Steps that have not been started, or were stopped before they were: they start as well.
    package var further: [StepDescription] = []
    /// Steps whose jobs still run, and are waited for.
    package var waits: [StepDescription] = []
    /// Steps that count as completed.
    package var done: [StepDescription] = []
    /// Steps that take a job somebody else started.
    package var adopted: [(step: StepDescription, job: JobID)] = []

    /// Steps with jobs that another script does not ask for any more, or not in the same way; and whether their jobs still
    /// run.
    package var dropped: [(step: StepDescription, isRunning: Bool)] = []
    /// True if a step is dropped that did not fail, or whose job still runs: somebody has to want that.
    package var needsConsent = false

    init(retrial: Retrial) {
        self.retrial = retrial
    }
}
