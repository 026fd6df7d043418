package import DataStudio

/// What happened.
package enum RecordBody: Hashable, Sendable {
    /// The run began.
    indirect case began(RunBeginning)
    /// Something that must not happen twice is about to leave. Kept before the request is sent.
    indirect case intent(Intent)
    /// The attempt did certainly not happen.
    case void(reason: String)
    /// The server took the start.
    indirect case accepted(Acceptance)
    /// It cannot be known whether the start happened. Never delivered to the script.
    case ambiguous(Ambiguity)
    /// A person has said what became of a step in doubt.
    indirect case resolved(Resolution, by: String)
    /// A step is over: the raw outcome, not what the checks made of it.
    indirect case settled(StepSettlement)
    /// The answer to a question the script asked.
    indirect case answered(Answer)
    /// A timer rang; the state of the step's job as it was seen last, for a timer of a step.
    case fired(TimerPurpose, state: JobState?)
    /// The run is being cancelled, by whom or what; `runsFinally`: whether its functions of `finally` still run.
    case stopping(by: String, runsFinally: Bool = true)
    /// Of a session: somebody entered that at the prompt.
    case line(String)
    /// The run has taken longer than it may.
    case expired(after: Duration)
    /// The log is as long as it may be: why, in words.
    case limited(String)
    /// The script has handed over to the next part of the run, whose `began` follows.
    case restarted
    /// The run goes on after a person has added to its log: what that led to has been told.
    case resumed
    /// A run that had ended goes on.
    indirect case retried(Retrial)
    /// The run is over.
    case ended(RunStatus)

    /// The name of the kind, as the journal has it.
    package var kind: String {
        switch self {
        case .began: "began"
        case .intent: "intent"
        case .void: "void"
        case .accepted: "accepted"
        case .ambiguous: "ambiguous"
        case .resolved: "resolved"
        case .settled: "settled"
        case .answered: "answered"
        case .fired: "fired"
        case .stopping: "stopping"
        case .line: "line"
        case .expired: "expired"
        case .limited: "limited"
        case .restarted: "restarted"
        case .resumed: "resumed"
        case .retried: "retried"
        case .ended: "ended"
        }
    }

    /// True for what a person adds to the log of a run that nobody holds.
    var isByPerson: Bool {
        switch self {
        case .resolved, .retried: true
        case .answered(.decision(let decision)): decision.isOfRunLeft
        case .began, .intent, .void, .accepted, .ambiguous, .settled, .answered, .fired, .stopping, .line, .expired,
            .limited, .restarted, .resumed, .ended:
            false
        }
    }

    /// True for what gives a step a job.
    package var givesJob: Bool {
        switch self {
        case .accepted, .resolved(.adopt, _): true
        default: false
        }
    }

    /// True for what must be on the disk as soon as it is known, whatever follows.
    package var isUrgent: Bool {
        switch self {
        case .began, .accepted, .ambiguous, .resolved, .stopping, .expired, .limited, .restarted, .retried, .ended: true
        case .intent, .void, .settled, .answered, .fired, .line, .resumed: false
        }
    }
}
