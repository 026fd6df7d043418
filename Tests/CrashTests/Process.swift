import DataStudio
import Orchestration

/// A process that runs a run.
struct Process {
    let id: Int
    let run: String
    var conductor: Conductor
    let began: Timestamp
    var steps = 0
    var end: WorldPlan.LifeEnd?
    /// Starts with an open connection.
    var opened: [String: StudioRequest] = [:]
    /// Starts it did not want any more: nobody is told how they ended.
    var dropped: Set<String> = []
    /// The locks held for a start.
    var gates: [NodeID: Set<String>] = [:]
}
