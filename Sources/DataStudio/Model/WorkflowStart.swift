/// What is asked of the server when a workflow is started. Only what is set is sent.
package struct WorkflowStart: Hashable, Sendable {
    /// The workflow's external label.
    package var label: String
    /// The external label of the space.
    package var space: String?
    package var version: WorkflowVersion?
    package var dependencies: WorkflowVersion?
    package var refresh: Bool?
    /// Workflow parameters by name, in a fixed order.
    package var parameters: [WorkflowParameter]
    package var sources: [SourceReplacement]

    package init(
        label: String, space: String? = nil, version: WorkflowVersion? = nil, dependencies: WorkflowVersion? = nil,
        refresh: Bool? = nil, parameters: [WorkflowParameter] = [], sources: [SourceReplacement] = []
    ) {
        self.label = label
        self.space = space
        self.version = version
        self.dependencies = dependencies
        self.refresh = refresh
        self.parameters = parameters
        self.sources = sources
    }
}

/// One parameter of a workflow; the server takes strings only.
package struct WorkflowParameter: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

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

/// A dataset that takes the place of what a Source step reads.
package struct SourceReplacement: Hashable, Sendable {
    /// The label of the Source step.
    package var source: String
    /// The external label of the dataset.
    package var dataset: String
    /// The step's column names and the dataset's.
    package var columns: [WorkflowParameter]

    package init(source: String, dataset: String, columns: [WorkflowParameter] = []) {
        self.source = source
        self.dataset = dataset
        self.columns = columns
    }
}
