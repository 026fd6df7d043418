import DataStudio

/// A start that the server has just taken: what its job shows first tells how this server shows jobs.
struct FreshStart: Sendable {
    let start: WorkflowStart
    /// What the key is known by that it was sent with.
    let key: String?
    /// The header `Date` before it was sent, and with its answer.
    let sent: Timestamp?
    let answered: Timestamp?
}
