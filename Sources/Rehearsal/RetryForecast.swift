package import DataStudio
package import Orchestration

/// What a retry would do, if every job succeeds.
package struct RetryForecast: Sendable {
    /// A start that would leave.
    package struct Start: Hashable, Sendable {
        /// The step, with the line that asks for it.
        package let step: StepDescription
        /// What would be sent.
        package let request: WorkflowStart
        /// When.
        package let at: Timestamp
    }

    /// In their order.
    package internal(set) var starts: [Start] = []
    /// Steps whose results are kept, in the order in which the script asked for them.
    package internal(set) var kept: [StepDescription] = []
    /// Steps whose jobs run already and are waited for.
    package internal(set) var waits: [StepDescription] = []
    /// What a person is asked to approve; the forecast goes on as if it was at once.
    package internal(set) var approvals: [String] = []
    /// The steps of which nothing is known about how long they take, by name.
    package internal(set) var assumed: [String] = []
    /// What the script waits for at the end of the forecast, as only the real run gets the answer: `http.get`.
    package internal(set) var unknown: Set<String> = []
    /// Where the script waits for that, as `nightly.lua:30`.
    package internal(set) var places: [String] = []
    /// How the run would end; `nil` if that is not known.
    package internal(set) var end: RunEnd?
    /// When it would end, or when the last known job would have.
    package internal(set) var ended: Timestamp
}
