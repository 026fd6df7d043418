package import DataStudio

/// How a run ended, and what a person has to know then.
package struct RunEnd: Sendable {
    /// What the run comes down to; the exit code follows from it.
    package var status: RunStatus
    /// What went wrong; `nil` for success.
    package var error: ScriptError?
    /// The text given to `finish`.
    package var text: String?
    /// Steps whose jobs still run on the server.
    package var running: [StepDescription] = []
    /// Steps of which nobody knows whether they were started, and steps that wait for a decision about another run.
    package var doubtful: [StepDoubt] = []
    /// Titles of what was asked for and not begun.
    package var notStarted: [String] = []
    /// All warnings of the run in the order they came, those of steps with the title in front.
    package var warnings: [String] = []
    /// Workflows that may have been started twice: why, with the jobs. A person has to look.
    package var suspicions: [String] = []

    /// False for a simulated run: its journal is thrown away, and nothing can go on with it.
    package var isKept = true
    /// The folder in which commands about the run find its journal; `nil`: anywhere.
    package var folder: String?
    /// When the process that ended it resumed it; `nil` if that one began it.
    package var resumed: Timestamp?
    /// How long it is before people are notified again if a run that is resumed unasked is still in trouble; `nil` for one
    /// that is not.
    package var nextReminder: Duration?
    /// How long people have known that the run is in trouble; `nil` if they do not.
    package var trouble: Duration?
    /// The signal that interrupted the run.
    package var signal: Int32?

    /// The workflows that it failed at, or is in doubt about.
    package var workflows: Set<String> {
        Set((error?.roots ?? []).compactMap(\.label) + doubtful.map(\.step.label))
    }

    /// An end without anything left over.
    package init(status: RunStatus, error: ScriptError? = nil, text: String? = nil) {
        self.status = status
        self.error = error
        self.text = text
    }

    /// The script does something else than its log has: nothing has left, and a person has to look.
    package init(nondeterministic error: ReplayError) {
        var text = "the script does something else than it did when it ran: \(error.message)"
        if let recorded = error.recorded { text += "; then it was at \(recorded)" }
        if let current = error.current { text += "; now it is at \(current)" }
        self.init(status: .nondeterministic, error: ScriptError(.script, text, location: error.current))
    }
}

extension RunEnd {
    /// The end of a run whose journal could not be written any more, for that reason.
    func withoutJournal(_ reason: String) -> RunEnd {
        var end = self
        end.status = .untrusted
        end.error = ScriptError(
            .script, "nothing more could be written down, and so nothing more was sent: \(reason)")
        return end
    }
}
