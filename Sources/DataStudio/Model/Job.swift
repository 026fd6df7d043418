package import JSON

/// A job as the server described it.
package struct Job: Hashable, Sendable {
    /// Unique on its server.
    package var id: JobID
    /// The external label of its workflow, where the server tells.
    package var label: String?
    /// The state in our terms; `unknown` if the server's name is not mapped.
    package var state: JobState
    /// The server's own name of the state.
    package var stateName: String
    /// When it was created, by the server's clock.
    package var created: Timestamp?
    /// How finely the server tells ``created``.
    package var createdPrecision = Duration.milliseconds(1)
    /// False if ``created`` is a local time of a zone that neither the server nor the API description tells.
    package var createdHasZone = true
    /// When it began to run, by the server's clock.
    package var started: Timestamp?
    /// When it ended, by the server's clock.
    package var finished: Timestamp?
    /// The server's one message, usually of a job that failed.
    package var message: String?
    /// The whole object the server sent.
    package var details: JSON

    /// A job; without `stateName`, the server's name of the state is ours.
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

    /// The instants at which it may have been created, by the server's clock; `nil` if the server does not tell.
    package var createdRange: ClosedRange<Timestamp>? {
        created.map { WrittenTime($0, precision: createdPrecision, hasZone: createdHasZone).range }
    }
}
