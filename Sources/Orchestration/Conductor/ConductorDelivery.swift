/// What is handed to a run or done for a server, one after the other.
enum ConductorDelivery {
    case event(MachineEvent)
    /// A start on the server with that name is ready to leave.
    case ready(String, NodeID, StartReadiness)
    case request(Int64, MachineEvent?)
    case action(String, ServerAction)
}
