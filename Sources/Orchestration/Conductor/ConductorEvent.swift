/// What happens to a ``Conductor``.
package enum ConductorEvent: Sendable {
    case machine(MachineEvent)
    /// Of the server with that name.
    case server(String, ServerEvent)
    /// Everything up to the record with that sequence number is durable.
    case committed(Int)
    /// Nothing can be made durable any more.
    case commitFailed(String)
    /// It is time to make durable what nothing waits for.
    case flush
    /// The run is to be left where it is, by a signal or by somebody's wish.
    case detach(signal: Int32?)
}
