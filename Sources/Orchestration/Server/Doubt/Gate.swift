package import DataStudio

/// What a start has to pass: of all starts of one gate, in all runs of a journal, at most one is unanswered at a time.
///
/// Two starts share a gate if the server says nothing that would tell their jobs apart.
package struct Gate: Hashable, Sendable {
    /// The gate's name: server, environment, workflow, and what is echoed.
    package let name: String
    /// The server, as jobs have it that belong to runs.
    package let server: String
    /// The workflow's label.
    package let label: String

    /// The gate of a start on a server.
    ///
    /// - Parameter echoesParameters: the server tells with which parameters a job was started.
    package init(_ identity: ServerIdentity, _ start: WorkflowStart, echoesParameters: Bool) {
        server = identity.name
        label = start.label
        let parameters =
            echoesParameters
            ? start.parameters.map { "\($0.name)=\($0.value)" }.sorted().joined(separator: "\u{1F}") : ""
        name = [server, start.space ?? "", label, parameters].joined(separator: "\u{1E}")
    }
}
