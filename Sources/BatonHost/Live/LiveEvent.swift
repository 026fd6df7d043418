import Journal
import Orchestration

/// What the children of a live run report to it.
enum LiveEvent: Sendable {
    case conductor(ConductorEvent)
    /// The gate of a start on the server with that name is held, and a slot where slots are counted.
    case gate(String, NodeID, HeldGate, slot: FileLock?)
    /// Somebody wants to see something of the run; `nil` if it is over.
    case look(@Sendable (RunMachine?) -> Void)
    /// Another process wants something.
    case request(RunRequest)
}
