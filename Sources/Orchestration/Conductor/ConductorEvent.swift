/// What happens to a ``Conductor``.
package enum ConductorEvent: Sendable {
    case machine(MachineEvent)
    /// Another process wants that of the run, by the request with that id, which is deleted by the commit that makes its
    /// effect durable. `nil`: the request means nothing, and is only deleted.
    case request(id: Int64, MachineEvent?)
    /// Of the server with that name.
    case server(String, ServerEvent)
    /// The commit under way is durable, with everything up to the record with that sequence number. Its records take so
    /// many bytes.
    case committed(Int, bytes: Int = 0)
    /// Nothing can be made durable any more, or a lock beside the journal cannot be taken.
    case commitFailed(String)
    /// It is time to make durable what nothing waits for.
    case flush
    /// The run is to be left where it is, by a signal or by somebody's wish.
    case detach(signal: Int32?)
}
