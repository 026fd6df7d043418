package import DataStudio

/// What the machine wants done outside, in this order.
package enum MachineAction: Sendable {
    /// Keep the record. What leaves the process after it must not leave before it is kept.
    indirect case append(Record)
    /// Make the start ready to be sent, and report when it is.
    indirect case start(NodeID, server: String?, WorkflowStart)
    /// Send the start that is ready: once.
    case proceed(NodeID, server: String?)
    /// Do not send the start that is ready.
    case drop(NodeID, server: String?)
    /// Do not send the start, if it has not been sent; either way its end is reported.
    case withdraw(NodeID, server: String?)
    /// An earlier life meant to send the start, and nobody knows what came of it: find out.
    indirect case settle(NodeID, server: String?, OpenAttempt)
    /// Report every sight of the job until told otherwise.
    indirect case watch(NodeID, server: String?, WatchedJob)
    case unwatch(NodeID, server: String?)
    /// The watched job was accepted at that time, for a step of that title: earlier ones tell when it usually ends.
    case expect(NodeID, server: String?, title: String, since: Timestamp)
    case setTimer(TimerID, after: Duration)
    case cancelTimer(TimerID)
    indirect case ask(QueryID, server: String?, Query)
    /// Keep what a block waits for, or that it holds nothing any more, with the records so far.
    indirect case lock(Commit.LockChange)
    /// Nobody waits for the answer any more.
    case dropLock(QueryID)
    case report(RunEvent)
    /// The run goes on with its next part, from the top of the script; nothing follows from this machine.
    case restart(RunPart)
    /// The run is over, or left for another life; nothing follows.
    indirect case finish(RunEnd)
}
