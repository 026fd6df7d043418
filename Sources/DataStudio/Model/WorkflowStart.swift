/// What is asked of the server when a workflow is started. Only what is set is sent.
package struct WorkflowStart: Hashable, Sendable {
    /// The workflow's external label.
    package var label: String
    /// The external label of the space.
    package var space: String?
    /// Which version of the workflow runs.
    package var version: WorkflowVersion?
    /// Which version of what the workflow depends on is used.
    package var dependencies: WorkflowVersion?
    /// Whether the server reads sources anew.
    package var refresh: Bool?
    /// Workflow parameters by name, in a fixed order.
    package var parameters: [WorkflowParameter]
    /// Datasets in the place of what Source steps read.
    package var sources: [SourceReplacement]

    /// A start; what is left out is left to the server.
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
