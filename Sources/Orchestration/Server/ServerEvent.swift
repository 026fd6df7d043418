package import DataStudio

/// What happens to a ``ServerMachine``: what a run wants of its server, and what comes of it.
package enum ServerEvent: Sendable {
    /// Make the start of a workflow for the step ready to be sent.
    indirect case start(NodeID, WorkflowStart)
    /// Send the start that is ready.
    case proceed(NodeID)
    /// Do not send the start that is ready.
    case drop(NodeID)
    /// Do not start it, if it has not been sent.
    case withdraw(NodeID)
    /// Find out what became of a start of an earlier life.
    indirect case settle(NodeID, OpenAttempt)
    /// The start's gate is held from now on.
    indirect case gateTaken(NodeID, Gate, GateState)
    /// What became of another run's start, which stood in the way, is written down.
    indirect case doubtSettled(NodeID, GateState)
    indirect case watch(NodeID, WatchedJob)
    case unwatch(NodeID)
    /// When the job a step watches will probably end, by our clock.
    case expected(NodeID, at: Timestamp)
    indirect case ask(QueryID, Query)
    /// There is a connection for the start; nothing has been sent. `isBounded`: once the process has died, or nothing was
    /// acknowledged for some seconds, the machine sends nothing more of it.
    case opened(ExchangeID, isBounded: Bool)
    /// One try of a request has ended.
    indirect case ended(ExchangeID, ExchangeOutcome)
    /// The start that was ready has not been sent: it took so long until its intent was written down that its connection may
    /// be half dead.
    case late(ExchangeID, after: Duration)
    /// The key has been read anew; `nil`: it is the one that was refused, or there is none.
    case keyRead(ExchangeID, key: String?)
    case fired(ServerTimer)
}
