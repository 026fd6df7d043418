package import DataStudio

/// What identifies a step to people.
package struct StepDescription: Hashable, Sendable {
    /// What a step can do.
    package enum Kind: String, Hashable, Sendable {
        /// It starts a workflow.
        case start
        /// It waits for a job of somebody else.
        case otherJob = "job"
        /// It waits for a person's decision.
        case approval
        /// It waits until a block holds its lock.
        case lock
    }

    /// Unique in the run.
    package let id: NodeID
    /// What people call it in a run: from 1, in the order in which the script asked for steps.
    package let number: Int
    /// Task path, function and occurrence, as in ``Record/key``.
    package let key: String
    /// The external label of the workflow.
    package let label: String
    /// `name`, else the label.
    package let title: String
    /// The phase the step was begun in; `nil` outside of phases.
    package let phase: String?
    /// The script line, for example `nightly.lua:12`.
    package let location: String?
    /// The server's name in the configuration; `nil`: the run's own.
    package var server: String?
    /// `nil` until the server has taken the start.
    package var jobID: JobID?
    /// Of a session: the line waits for it, whatever began it.
    package var isAwaited = false
    /// Of a session: it is about a job that another step had left running.
    package var isLeftOver: Bool { key.hasSuffix("/left") }
    /// What it does.
    package var kind = Kind.start
    /// The outermost block of `lock` or `pool` that it is in: `lock "warehouse"`.
    package var block: String?
    /// Of a step in doubt: why.
    package var doubt: String?

    /// Its title, with the script line: `load (nightly.lua:12)`.
    package var place: String { title + (location.map { " (\($0))" } ?? "") }
}
