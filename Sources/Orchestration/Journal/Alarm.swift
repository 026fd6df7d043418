package import DataStudio

/// What people were last told of a run that cannot go on: the same is not told again every five minutes.
package struct Alarm: Hashable, Sendable {
    /// Why it could not go on: the word of its status, or why it was refused.
    package var cause: String
    /// Since when it has been in trouble, whatever the cause was first.
    package var since: Timestamp
    /// When people were told last.
    package var told: Timestamp

    /// When people were told of what could not be delivered: the next time it is news again.
    package static let untold = Timestamp(milliseconds: 0)

    /// An alarm as it was kept.
    package init(cause: String, since: Timestamp, told: Timestamp) {
        self.cause = cause
        self.since = since
        self.told = told
    }

    /// The alarm after a run could not go on once more.
    ///
    /// - Parameters:
    ///   - before: the alarm that there was.
    ///   - interval: how long the same is not told again.
    /// - Returns: the alarm, and false if people know of it already.
    package static func next(
        _ cause: String, after before: Alarm?, at now: Timestamp, remindingEvery interval: Duration
    ) -> (alarm: Alarm, isNews: Bool) {
        guard let before else { return (Alarm(cause: cause, since: now, told: now), true) }
        // A clock that was set back does not silence it for longer.
        let isDue = now - before.told >= interval || now < before.told
        guard before.cause != cause || isDue else { return (before, false) }
        return (Alarm(cause: cause, since: before.since, told: now), true)
    }
}
