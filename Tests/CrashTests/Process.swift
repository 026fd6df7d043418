import DataStudio
import Orchestration

/// A process that runs a run.
final class Process {
    let id: Int
    let run: String
    let conductor: Conductor
    let began: Timestamp
    var steps = 0
    /// How many records there were when it took the run up.
    var found = 0
    /// The server has told it of jobs.
    var hasHeard = false
    var end: WorldPlan.LifeEnd?
    /// Starts with an open connection.
    var opened: [String: StudioRequest] = [:]
    /// Starts it did not want any more: nobody is told how they ended.
    var dropped: Set<String> = []
    /// What is still to be typed, of a session.
    var lines: [String] = []
    /// What its requests carry.
    var authorization = ""
    /// The slots of steps whose jobs are in flight.
    var slots: [NodeID: String] = [:]
    /// Runs that no process held when a gate was taken, by the gate's label.
    var left: [String: Set<String>] = [:]
    /// The questions about locks that are still to be answered.
    var wanted: Set<QueryID> = []
    /// Attempts in doubt that a person has decided about while it goes on.
    var decided: Set<String> = []
    /// The locks held for a start.
    var gates: [NodeID: Set<String>] = [:]

    init(id: Int, run: String, conductor: Conductor, began: Timestamp) {
        self.id = id
        self.run = run
        self.conductor = conductor
        self.began = began
    }
}
