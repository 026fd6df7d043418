package import DataStudio

/// What happened.
package enum RecordBody: Sendable {
    /// The run began: the script's name and text, its arguments and the seed of its random numbers.
    case began(script: String, text: String, arguments: [String], seed: UInt64)
    /// A start is about to leave. Written before the request.
    case intent(WorkflowStart, server: String?)
    /// Something that must not happen twice is about to be asked of the server.
    case effect(Query, server: String?)
    /// The attempt did certainly not happen.
    case void(reason: String)
    /// The server took the start.
    case accepted(JobID)
    /// It cannot be known whether the start happened. Never delivered to the script.
    case ambiguous(reason: String)
    /// A step is over: the raw outcome, not what the checks made of it.
    case settled(StepSettlement)
    /// The answer to a question the script asked.
    case answered(Answer)
    /// A timer rang.
    case fired(TimerPurpose)
    /// The run is over.
    case ended(RunStatus)

    /// The name of the kind, as the journal has it.
    package var kind: String {
        switch self {
        case .began: "began"
        case .intent, .effect: "intent"
        case .void: "void"
        case .accepted: "accepted"
        case .ambiguous: "ambiguous"
        case .settled: "settled"
        case .answered: "answered"
        case .fired: "fired"
        case .ended: "ended"
        }
    }
}
