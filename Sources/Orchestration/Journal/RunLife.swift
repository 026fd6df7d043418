package import DataStudio

/// The time for which one process held a run.
package struct RunLife: Hashable, Sendable {
    /// From 1.
    package let number: Int
    /// When the process took the run up, by its own clock.
    package let began: Timestamp
    /// When it left or ended the run; `nil`: it holds it, or it has died.
    package let ended: Timestamp?
    /// How it left or ended the run.
    package let status: RunStatus?

    /// What the journal has of it.
    package init(number: Int, began: Timestamp, ended: Timestamp?, status: RunStatus?) {
        self.number = number
        self.began = began
        self.ended = ended
        self.status = status
    }
}
