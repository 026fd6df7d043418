package import DataStudio

/// What comes in from outside.
package enum MachineEvent: Sendable {
    /// A start waits until fewer jobs are in flight: so many may be at a time.
    case startQueued(NodeID, limit: Int)
    /// A start came to an end, one way or another.
    case startEnded(NodeID, StartOutcome)
    /// A job that is watched, as the server lists it now.
    case jobSeen(NodeID, Job)
    /// The server has not known a watched job for longer than the patience.
    case jobLost(NodeID, reason: String)
    /// Nothing can be known of a watched job any more, and it goes on.
    case watchFailed(NodeID, StepFailure)
    case timerFired(TimerID)
    case answered(QueryID, Answer)
    /// A server refused the key, or could not be reached for longer than the patience: the run is interrupted.
    case serverFailed(StepFailure)
}
