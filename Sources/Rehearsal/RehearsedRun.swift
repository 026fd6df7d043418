package import DataStudio
package import Orchestration

/// What came of a rehearsal.
package struct RehearsedRun: Sendable {
    /// A job that the server was told to start, by the server's own account.
    package struct Start: Hashable, Sendable {
        /// The job as it was when the night was over.
        package let job: Job
        /// The parameters it was started with.
        package let parameters: [WorkflowParameter]
    }

    /// Why a night was stopped that would not have ended.
    package struct Endless: Hashable, Sendable {
        /// Where the script waited, innermost places first, as `nightly.lua:12`.
        package let places: [String]
        /// How long the night was by then.
        package let after: Duration
    }

    /// How it ended; `nil` for a night that was stopped.
    package internal(set) var end: RunEnd?
    /// `nil` for a night that ended.
    package internal(set) var endless: Endless?
    /// When it began.
    package let began: Timestamp
    /// When it was over.
    package internal(set) var ended: Timestamp
    /// Everything that was written down.
    package internal(set) var log: [Record] = []
    /// What people were told, and when.
    package internal(set) var events: [(at: Timestamp, event: RunEvent)] = []
    /// What the server started, in its order.
    package internal(set) var starts: [Start] = []
    /// Operations that reached the server and change something there, with the labels they are about.
    package internal(set) var changes: [(operation: Operation, label: String?)] = []
    /// What scripts told people.
    package internal(set) var notices: [Notice] = []
    /// What scripts asked other servers.
    package internal(set) var requests: [HTTPCall] = []
    /// How often the process died.
    package internal(set) var deaths = 0

    /// How long it took.
    package var duration: Duration { ended - began }
}
