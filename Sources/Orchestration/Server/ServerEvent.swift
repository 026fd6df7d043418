package import DataStudio

/// What happens to a ``ServerMachine``: what a run wants of its server, and what comes of it.
package enum ServerEvent: Sendable {
    /// Start the workflow for the step, once.
    case start(NodeID, WorkflowStart)
    /// Do not start it, if it has not been sent.
    case withdraw(NodeID)
    case watch(NodeID, JobID)
    case unwatch(NodeID)
    case ask(QueryID, Query)
    /// One try of a request has ended.
    case ended(ExchangeID, ExchangeOutcome)
    /// The key has been read anew; `nil`: it is the one that was refused, or there is none.
    case keyRead(ExchangeID, key: String?)
    case fired(ServerTimer)
}
