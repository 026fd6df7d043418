package import DataStudio

/// What the machine wants done outside, in this order.
package enum MachineAction: Sendable {
    /// Keep the record before anything that follows.
    case append(Record)
    /// Send the start: once.
    case start(NodeID, server: String?, WorkflowStart)
    /// Do not send the start, if it has not been sent; either way its end is reported.
    case withdraw(NodeID)
    /// Report every change of the job until told otherwise.
    case watch(NodeID, server: String?, JobID)
    case unwatch(NodeID)
    case setTimer(TimerID, after: Duration)
    case cancelTimer(TimerID)
    case ask(QueryID, server: String?, Query)
    case report(RunEvent)
    /// The run is over; nothing follows.
    case finish(RunEnd)
}
