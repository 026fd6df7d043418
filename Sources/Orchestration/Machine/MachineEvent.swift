package import DataStudio

/// What comes in from outside.
package enum MachineEvent: Sendable {
    /// A start waits, for a reason in words.
    case startWaits(NodeID, String)
    /// A lock is not free, for a reason in words.
    case lockWaits(QueryID, String)
    /// The block with that key would wait for its lock for ever, for a reason in words.
    case lockFails(key: String, String)
    /// A start can be sent: its gate is taken and its connection open.
    indirect case startReady(NodeID, StartReadiness)
    /// The attempt that was sent did certainly not happen; another is on its way unless it is withdrawn.
    case startVoid(NodeID, reason: String)
    /// A start came to an end, one way or another.
    indirect case startEnded(NodeID, StartOutcome)
    /// A job that is watched, as the server lists it now.
    indirect case jobSeen(NodeID, Job)
    /// The server has not known a watched job for longer than the patience.
    case jobLost(NodeID, reason: String)
    /// Nothing can be known of a watched job any more, and it goes on.
    case watchFailed(NodeID, StepFailure)
    case timerFired(TimerID)
    indirect case answered(QueryID, Answer)
    /// A server refused the key, or could not be reached for longer than the patience: the run is interrupted. The server's
    /// name; `nil`: the run's own.
    case serverFailed(StepFailure, server: String?)
    /// Of a session: somebody entered that at the prompt.
    case enter(String)
    /// Of a session: what is begun from here on, and asked, goes to that server unless it says otherwise.
    case useServer(String)
    /// Of a session: the line is not to be waited for any more. Its jobs go on.
    case interruptLine
    /// Of a session: nothing more is entered. It is over when all that it began is; `raises`: whether failures that nobody
    /// took are its own.
    case closeSession(raises: Bool)
    /// Somebody wants the run cancelled; `runsFinally`: whether its functions of `finally` still run.
    case cancelRun(by: String, runsFinally: Bool = true)
    /// The run has taken as long as it may.
    case outOfTime(after: Duration)
    /// The log is half as long as it may be: a text that says so.
    case logGrows(String)
    /// The log is as long as it may be, for that reason.
    case logIsFull(String)
    /// A person decides about the step with that key, which waits for it.
    case decide(key: String, Decision)
    /// A person says what became of the step with that key.
    indirect case resolve(key: String, Resolution, by: String)
}
