import DataStudio
import LuaVM

/// One request of the script to the server: a workflow's start, its job, and the checks on it.
struct Step {
    enum Stage {
        /// The server is asked whether the workflow runs already.
        case asking
        /// It is started once this job of the same workflow, somebody else's, has ended.
        case waiting(for: JobID)
        /// The start has left; whether it arrived is not known yet.
        case starting
        case running
        /// It cannot be known whether the start happened: only a person can tell.
        case doubtful
        /// The job is over, and the script's check runs.
        case checking(StepResult, check: NodeID)
        case over
    }

    let label: String
    let options: StepOptions
    /// The server's name in the configuration; `nil`: the run's own.
    let server: String?
    var stage = Stage.starting
    /// The call of `start` that waits for the server's answer.
    var startToken: LuaToken?
    var jobID: JobID?
    /// As last seen.
    var job: Job?
    var acceptedAt: Timestamp?
    var timers: [TimerID] = []
    var warnings: [String] = []
    var isLate = false
    var isTimedOut = false
    var reportedStates: Set<String> = []
    /// Why it is in doubt.
    var doubt: String?

    /// The name in reports.
    var title: String { options.name ?? label }
}
