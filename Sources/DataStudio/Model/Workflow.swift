package import JSON

/// A workflow as the server lists it.
package struct Workflow: Hashable, Sendable {
    /// The external label, by which it is executed.
    package var label: String
    /// The name people gave it.
    package var name: String?
    /// The external label of its space.
    package var space: String?
    /// The whole object the server sent.
    package var details: JSON

    /// A workflow as a server would list it.
    package init(label: String, name: String?, space: String?, details: JSON) {
        self.label = label
        self.name = name
        self.space = space
        self.details = details
    }
}
