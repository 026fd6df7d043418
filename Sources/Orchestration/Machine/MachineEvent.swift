package import DataStudio

/// What comes in from outside.
package enum MachineEvent: Sendable {
    /// A start came to an end, one way or another.
    case startEnded(NodeID, StartOutcome)
    /// A job that is watched, as the server lists it now.
    case jobSeen(NodeID, Job)
    /// The server has not known a watched job for longer than the patience.
    case jobLost(NodeID, reason: String)
    case timerFired(TimerID)
    case answered(QueryID, Answer)
    /// A server refused the key, or could not be reached for longer than the patience: the run is interrupted.
    case serverFailed(StepFailure)
}
