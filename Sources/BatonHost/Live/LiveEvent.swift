import Journal
import Orchestration

/// What the children of a live run report to it.
enum LiveEvent: Sendable {
    case conductor(ConductorEvent)
    /// The next timer is due.
    case timersDue
    /// The gate of a start on the server with that name is held, and a slot where slots are counted. Who waited for it
    /// with that number may not want it any more.
    case gate(String, NodeID, HeldGate, slot: FileLock?, wait: Int)
    /// Somebody wants to see something of the run; `nil` if it is over.
    case look(@Sendable (RunMachine?) -> Void)
    /// Another process wants something.
    case request(RunRequest)
}
