/// A dataset that takes the place of what a Source step reads.
package struct SourceReplacement: Hashable, Sendable {
    /// The label of the Source step.
    package var source: String
    /// The external label of the dataset.
    package var dataset: String
    /// The step's column names and the dataset's.
    package var columns: [WorkflowParameter]

    /// A replacement; without `columns`, no names are mapped.
    package init(source: String, dataset: String, columns: [WorkflowParameter] = []) {
        self.source = source
        self.dataset = dataset
        self.columns = columns
    }
}
