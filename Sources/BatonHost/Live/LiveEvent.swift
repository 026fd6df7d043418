import Orchestration

/// What the children of a live run report to it.
enum LiveEvent: Sendable {
    case machine(MachineEvent)
    /// Of the server with that name.
    case server(String, ServerEvent)
    /// A signal came.
    case detach(Int32)
}
