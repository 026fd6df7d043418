package import DataStudio

/// What people and `--json` are told while a run goes on.
package enum RunEvent: Sendable {
    case began(script: String)
    case phase(String)
    case step(StepEvent)
    /// The script printed a line.
    case print(String)
    case log(level: LogLevel, String)
    /// Something a person should know, which is no failure.
    case warning(String)
    case ended(RunEnd)
}

/// The levels of a script's `log`.
package enum LogLevel: String, CaseIterable, Sendable {
    case debug, info, warn, error
}

/// A change of one step.
package struct StepEvent: Sendable {
    package enum Change: Sendable {
        case starting
        case accepted(JobID)
        /// The server's own name of the state.
        case state(JobState, name: String)
        /// `max` has passed, and the job still runs.
        case late(Duration)
        case warning(String)
        case ended(StepEnd)
    }

    package let step: StepDescription
    package let change: Change
}

/// What identifies a step to people.
package struct StepDescription: Hashable, Sendable {
    package let id: NodeID
    package let key: String
    package let label: String
    /// `name`, else the label.
    package let title: String
    package let phase: String?
    /// The script line, as `nightly.lua:12`.
    package let location: String?
    package var jobID: JobID?
}

/// How a step ended.
package enum StepEnd: Sendable {
    case succeeded(StepResult)
    case failed(kind: ErrorKind, message: String, duration: Duration?)
    /// It is not watched any more, and its job goes on.
    case leftRunning
    /// Whether it was started is not known.
    case doubtful(String)
}
