/// What a start has to pass: of all starts of one gate, in all runs of a journal, at most one is unanswered at a time.
///
/// A workflow on a server has one, whatever its space and parameters: a server may add parameters of its own, so that jobs of
/// two starts could be taken for each other.
package struct Gate: Hashable, Sendable {
    /// The gate's name: server, environment and workflow.
    package let name: String
    /// The server, as jobs have it that belong to runs.
    package let server: String
    /// The workflow's label.
    package let label: String

    /// The gate of a workflow on a server.
    package init(_ identity: ServerIdentity, label: String) {
        server = identity.name
        self.label = label
        name = [server, label].joined(separator: "\u{1E}")
    }
}
