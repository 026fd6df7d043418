package import DataStudio

/// What a simulated Data Studio holds, how its workflows behave, and what goes wrong; `docs/simulator.md` explains the
/// YAML form.
package struct Scenario: Hashable, Sendable {
    /// The external label of the environment that requests have to name.
    package var environment = "default"
    /// The API key that requests have to carry.
    package var key = "simulated-key"
    /// Further API keys of the same environment, each with its user: jobs and `keyInformation` name that user.
    package var keys: [String: String] = [:]
    /// The user that `keyInformation` names for `key`. `nil`: the same as jobs name, which is `SimulatedStudio.user`.
    package var keyUser: String?
    /// Whether the server has the operation `keyInformation`.
    package var tellsKey = true
    /// How long the key is good for, from the beginning of the server.
    package var keyExpires = Duration.seconds(90 * 86_400)
    /// What the ids of jobs look like.
    package var ids = IDKind.integer
    /// How times are written.
    package var times = TimeForm.iso
    /// How far the server's clock is ahead of the real one; negative: behind.
    package var clock = Duration.zero
    /// How the times of jobs differ from the server's clock, and how they are written.
    package var stamps = StampStyle()
    /// Changes of the clock that stamps jobs, while the server runs.
    package var clockSteps: [ClockStep] = []
    /// Whether replies have a `Date` header.
    package var sendsDate = true
    /// How long a new job is not listed yet.
    package var listLag = Duration.zero
    /// The order in which jobs are listed.
    package var listOrder = ListOrder.newestFirst
    /// Whether jobs that have not begun are listed.
    package var listsQueued = true
    /// Whether a job tells who started it and with which parameters.
    package var tellsWhose = true
    /// How a job repeats the workflow parameters that it was started with.
    package var echo = Echo.exact
    /// UUIDs and what is left to chance follow from it. `nil`: another one in every run.
    package var seed: UInt64?
    /// The largest page of a list.
    package var largestPage = 10_000
    /// Operations beyond those of the default description.
    package var operations: Set<Operation> = []
    /// A file with the API description the server speaks; a relative path is relative to the scenario's file.
    package var api: String?
    /// A file with the OpenAPI document the server publishes instead of one made from the description; likewise.
    package var openAPI: String?
    /// Where the server publishes it.
    package var openAPIPath = SimulatedStudio.openAPIPath
    /// How workflows that are not listed behave. `nil`: there are none, and their labels are answered with 404.
    package var others: SimulatedWorkflow?
    /// The workflows by their labels, in the order in which they are listed.
    package var workflows: [Entry] = []
    /// How long the datasets take to load, by their labels. With `others`, one that is not listed takes a second.
    package var datasets: [String: Duration] = [:]
    /// The labels of the workflows that schedules execute, by the schedules' labels.
    package var schedules: [String: [String]] = [:]
    /// What goes wrong.
    package var faults: [Fault] = []
    /// What other servers answer to scripts, by address.
    package var http: [String: SimulatedReplyText] = [:]

    /// A form of job ids.
    package enum IDKind: String, CaseIterable, Hashable, Sendable {
        /// Whole numbers; the first is 4711.
        case integer
        /// UUIDs in lower case, which follow from the seed of the simulation.
        case uuid
        /// Texts; the first is `JOB-4711`.
        case string
    }

    /// A form of times.
    package enum TimeForm: String, CaseIterable, Hashable, Sendable {
        /// `2026-03-01T04:05:06.007Z`
        case iso
        /// Since 1970.
        case seconds, milliseconds
    }

    /// How a workflow behaves; `nil` if there is none of that label.
    package func workflow(_ label: String) -> SimulatedWorkflow? {
        workflows.first { $0.label == label }?.workflow ?? others
    }

    /// True if the server forgets jobs when it is restarted.
    package var losesJobs: Bool {
        faults.contains { if case .down(let restart) = $0.kind { restart != .keep } else { false } }
    }

    /// The same with these workflows listed, if it takes every label: then a script can ask for them before they have run.
    package func listing(_ labels: some Sequence<String>) -> Scenario {
        guard let others else { return self }
        var scenario = self
        let known = Set(workflows.map(\.label))
        scenario.workflows += labels.filter { !known.contains($0) }.sorted().map { Entry(label: $0, workflow: others) }
        return scenario
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

    /// A server with these workflows.
    package init(others: SimulatedWorkflow? = nil, workflows: [Entry] = []) {
        self.others = others
        self.workflows = workflows
    }

    /// Any label is a workflow that runs for one second and completes; the list has `wf1` to `wf9`.
    package static var anything: Scenario {
        Scenario(
            others: SimulatedWorkflow(),
            workflows: (1...9).map { Entry(label: "wf\($0)", workflow: SimulatedWorkflow()) })
    }

    /// Reads a scenario.
    ///
    /// - Throws: all that is wrong at once: unknown keys, wrong values, a text that is no YAML, or an empty one.
    package init(yaml: String) throws(YAMLProblems) {
        self = try YAMLReader.document(yaml, "the scenario", needs: "`workflows` or `others`") {
            ScenarioReader.scenario(&$0, $1)
        }
    }
}
