package import JSON

/// A dataset as the server described it.
package struct Dataset: Hashable, Sendable {
    /// The external label.
    package var label: String
    /// Its load status in our terms; `nil` where the server does not tell.
    package var state: JobState?
    /// The server's own name of the load status.
    package var stateName: String?
    /// When it was last loaded, by the server's clock.
    package var refreshed: Timestamp?
    /// The whole object the server sent.
    package var details: JSON

    /// A dataset as a server would describe it.
    package init(label: String, state: JobState?, stateName: String?, refreshed: Timestamp?, details: JSON) {
        self.label = label
        self.state = state
        self.stateName = stateName
        self.refreshed = refreshed
        self.details = details
    }
}
