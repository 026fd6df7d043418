package import DataStudio

/// What people were last notified of a run that needs them: the same is not sent again every five minutes, and they are
/// notified when the run is out of trouble.
package struct Alarm: Hashable, Sendable {
    /// What the trouble is: the word of the run's status, with the error behind it where it has failed, or why it was refused.
    package var cause: String
    /// Since when it has been in trouble, whatever the cause was first.
    package var since: Timestamp
    /// When people were told last.
    package var told: Timestamp
    /// The workflows that the trouble was about, of all causes: whoever was notified of them is notified of the end.
    package var workflows: Set<String>

    /// An alarm as it was kept.
    package init(cause: String, since: Timestamp, told: Timestamp, workflows: Set<String> = []) {
        self.workflows = workflows
        self.cause = cause
        self.since = since
        self.told = told
    }

    private static let recoveredWord = "recovered"

    /// What is left of the alarm about a run that is out of trouble because a person saw to it, until the next
    /// `resume --all --cron` has said so in its mail: whoever saw to it was told at once.
    package func recovered(by person: String?, at now: Timestamp) -> Alarm {
        Alarm(
            cause: Self.recoveredWord + (person.map { " by \($0)" } ?? ""), since: since, told: now,
            workflows: workflows)
    }

    /// True for what ``recovered(by:at:)`` returns: there is no trouble any more.
    package var isOver: Bool { cause.hasPrefix(Self.recoveredWord) }

    /// Who saw to it; `nil` if nobody is known.
    package var person: String? {
        isOver ? cause.split(separator: " ", maxSplits: 2).dropFirst(2).first.map(String.init) : nil
    }

    /// The alarm after a run could not go on once more.
    ///
    /// - Parameters:
    ///   - workflows: that it is about.
    ///   - before: the alarm that there was.
    ///   - interval: how long the same is not told again.
    /// - Returns: the alarm, and false if people know of it already.
    package static func next(
        _ cause: String, of workflows: Set<String> = [], after before: Alarm?, at now: Timestamp,
        remindingEvery interval: Duration
    ) -> (alarm: Alarm, isNews: Bool) {
        guard let before, !before.isOver else {
            return (Alarm(cause: cause, since: now, told: now, workflows: workflows), true)
        }
        // A clock that was set back does not silence it for longer.
        let isDue = now - before.told >= interval || now < before.told
        guard before.cause != cause || isDue else { return (before, false) }
        let all = before.workflows.union(workflows)
        return (Alarm(cause: cause, since: before.since, told: now, workflows: all), true)
    }

    /// The cause of an alarm about a run that did not end well.
    package static func cause(of end: RunEnd) -> String {
        let error = end.status.isInterruption ? nil : end.error?.roots.first?.text
        return end.status.rawValue + (error.map { ": \($0)" } ?? "")
    }

    /// True if the run had failed, or waited for a person: that it makes progress again does not show that it is well.
    package var needsPerson: Bool {
        switch RunStatus(rawValue: String(cause.prefix { $0 != ":" })) {
        case .failed, .check, .timeout, .cancelled, .ambiguous, .resolved, .stuck, .nondeterministic: true
        case .succeeded, .skipped, .auth, .unreachable, .untrusted, .detached, nil: false
        }
    }
}
