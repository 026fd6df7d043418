package import DataStudio

/// What a ``Conductor`` wants done outside, in this order.
package enum ConductorAction: Sendable {
    /// Make it durable, all or nothing, and report it. There is no other commit before that.
    indirect case commit(Commit)
    /// Report ``ConductorEvent/flush`` after the time.
    case setFlush(after: Duration)
    /// Of the server with that name.
    case server(String, ServerAction)
    case setTimer(TimerID, after: Duration)
    /// The timer is of no use any more. The run ignores it if it is reported all the same.
    case cancelTimer(TimerID)
    /// Look up the last steps of that name, and report them as an answer to the question.
    case recall(QueryID, name: String, limit: Int)
    /// Look up the last completed steps of that name in that space of the server with that name that began before that time,
    /// and report them likewise.
    indirect case recallCompleted(QueryID, name: String, server: String, space: String?, before: Timestamp)
    /// Look up those runs, and report them likewise.
    indirect case recallRuns(QueryID, RunQuery)
    /// Look up how long steps of that title usually take. If that is known, tell the server with
    /// ``ServerEvent/expected(_:at:)`` when a job that was accepted at that time will end.
    indirect case recallUsual(title: String, NodeID, server: String, since: Timestamp)
    /// Tell people, or ask another server, and report the answer.
    indirect case carryOut(QueryID, Query)
    /// Take what a block wants to hold, or wait until it is free, and report ``Answer/done``; report
    /// ``MachineEvent/lockFails(key:_:)`` if it, or another of the run that waits for the same, would wait for ever.
    indirect case takeLock(QueryID, LockRequest)
    /// The answer is of no use any more: nothing is taken from now on.
    case dropLock(QueryID)
    case report(RunEvent)
    /// The run is over, or left; nothing follows.
    indirect case finish(RunEnd)
}
