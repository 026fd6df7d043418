import DataStudio
import Orchestration

/// What the children of a live run report to it.
enum LiveEvent: Sendable {
    case machine(MachineEvent)
    /// A start came to its end: a place is free for the next.
    case started(server: String, NodeID, StartOutcome)
    /// It is time to ask the server about its jobs.
    case tick(server: String, Int)
    case listed(server: String, page: Int, Page<Job>)
    /// One job; `nil`: the server does not know it.
    case job(server: String, JobID, Job?)
    /// Something goes wrong at the moment and is tried again.
    case trouble(String)
    /// A signal came.
    case detach(Int32)
}
