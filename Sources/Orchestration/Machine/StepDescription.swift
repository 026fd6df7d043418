package import DataStudio

/// What identifies a step to people.
package struct StepDescription: Hashable, Sendable {
    /// Unique in the run.
    package let id: NodeID
    /// Task path, function and occurrence, as in ``Record/key``.
    package let key: String
    /// The external label of the workflow.
    package let label: String
    /// `name`, else the label.
    package let title: String
    /// The phase the step was begun in; `nil` outside of phases.
    package let phase: String?
    /// The script line, as `nightly.lua:12`.
    package let location: String?
    /// `nil` until the server has taken the start.
    package var jobID: JobID?
    /// Of a step in doubt: why.
    package var doubt: String?
}
