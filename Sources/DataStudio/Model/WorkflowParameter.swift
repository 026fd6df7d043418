/// One parameter of a workflow; the server takes strings only.
package struct WorkflowParameter: Hashable, Sendable {
    /// The parameter's name in the workflow.
    package var name: String
    /// Numbers and booleans as text, too.
    package var value: String

    /// A parameter with its value as text.
    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
