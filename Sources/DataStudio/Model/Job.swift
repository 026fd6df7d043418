/// A job as the server described it.
package struct Job: Hashable, Sendable {
    package var id: JobID
    package var label: String?
    package var state: JobState
    /// The server's own name of the state.
    package var stateName: String
    package var created: Timestamp?
    package var started: Timestamp?
    package var finished: Timestamp?
    /// The server's one message, usually of a job that failed.
    package var message: String?
    /// The whole object the server sent.
    package var details: JSON

    package init(
        id: JobID, label: String? = nil, state: JobState, stateName: String? = nil, created: Timestamp? = nil,
        started: Timestamp? = nil, finished: Timestamp? = nil, message: String? = nil, details: JSON = .object([])
    ) {
        self.id = id
        self.label = label
        self.state = state
        self.stateName = stateName ?? state.rawValue
        self.created = created
        self.started = started
        self.finished = finished
        self.message = message
        self.details = details
    }
}
