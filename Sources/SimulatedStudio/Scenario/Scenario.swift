package import DataStudio
import Yams

/// What a simulated Data Studio holds and how its workflows behave; `docs/simulator.md` explains the YAML form.
package struct Scenario: Hashable, Sendable {
    /// The external label of the environment that requests have to name.
    package var environment: String
    /// The API key that requests have to carry.
    package var key: String
    /// What the ids of jobs look like.
    package var ids: IDKind
    /// Operations beyond those of the default description.
    package var operations: Set<Operation>
    /// How workflows that are not listed behave. `nil`: there are none, and their labels are answered with 404.
    package var others: SimulatedWorkflow?
    /// The workflows by their labels, in the order in which they are listed.
    package var workflows: [Entry]

    /// A form of job ids.
    package enum IDKind: String, CaseIterable, Hashable, Sendable {
        /// Whole numbers; the first is 4711.
        case integer
        /// UUIDs in lower case, which follow from the seed of the simulation.
        case uuid
    }

    /// One workflow and its label.
    package struct Entry: Hashable, Sendable {
        /// The external label; unique in a scenario.
        package var label: String
        /// How it behaves.
        package var workflow: SimulatedWorkflow

        /// A workflow under its label.
        package init(label: String, workflow: SimulatedWorkflow) {
            self.label = label
            self.workflow = workflow
        }
    }

    /// A scenario from its parts; without arguments, a server that has no workflows at all.
    package init(
        environment: String = "default", key: String = "simulated-key", ids: IDKind = .integer,
        operations: Set<Operation> = [], others: SimulatedWorkflow? = nil, workflows: [Entry] = []
    ) {
        self.environment = environment
        self.key = key
        self.ids = ids
        self.operations = operations
        self.others = others
        self.workflows = workflows
    }

    /// Any label is a workflow that runs for one second and completes.
    package static var anything: Scenario { Scenario(others: SimulatedWorkflow()) }

    /// Reads a scenario.
    ///
    /// - Throws: all that is wrong at once: unknown keys, wrong values, a text that is no YAML, or an empty one.
    package init(yaml: String) throws(ScenarioError) {
        let root: Node?
        do {
            root = try Yams.compose(yaml: yaml)
        } catch {
            throw ScenarioError(problems: [.init(message: "not YAML: \(error)")])
        }
        guard let root else {
            throw ScenarioError(problems: [.init(message: "the scenario is empty: it needs `workflows` or `others`")])
        }
        var reader = ScenarioReader()
        let scenario = reader.scenario(root)
        guard reader.problems.isEmpty else {
            throw ScenarioError(problems: reader.problems.sorted { ($0.line ?? 0) < ($1.line ?? 0) })
        }
        self = scenario
    }
}
