/// Which version of a workflow, or of what it depends on, runs. The raw values are a script's words.
package enum WorkflowVersion: String, CaseIterable, Hashable, Sendable {
    case published, draft

    /// The server's word.
    var wireName: String {
        switch self {
        case .published: "PublishedOnly"
        case .draft: "PreferDraft"
        }
    }
}
