package import JSON

/// A space as the server lists it.
package struct Space: Hashable, Sendable {
    /// The external label.
    package var label: String
    /// The name people gave it.
    package var name: String?
    /// The whole object the server sent.
    package var details: JSON

    /// A space as a server would list it.
    package init(label: String, name: String?, details: JSON) {
        self.label = label
        self.name = name
        self.details = details
    }
}
