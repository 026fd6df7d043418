import DataStudio
import Journal
import Orchestration
import Synchronization

/// Decides what people are told of a run that is resumed every few minutes: that it is in trouble once for each cause, and
/// again at an interval; and that it is out of it.
final class AlarmWatch: Sendable {
    private struct State {
        var alarm: Alarm?
        var isSilent = false
        /// Since when the server has served every request of this life.
        var servedSince: Timestamp?
        var served = 0
        var unserved = 0
    }

    /// What messages call the run.
    let name: String
    private let before: Alarm?
    private let state: Mutex<State>
    private let isUnattended: Bool
    private let interval: Duration

    /// A server that serves for so long is well again, also while the run only waits for a job.
    private static let steadyTime = Duration.seconds(60)

    /// - Parameters:
    ///   - alarm: what people were told in earlier lives.
    ///   - name: what messages call the run.
    ///   - isUnattended: false where somebody asked for this run, and wants to know how it ends.
    ///   - interval: how long the same is not told again.
    init(_ alarm: Alarm?, of name: String, isUnattended: Bool, remindingEvery interval: Duration) {
        before = alarm
        self.name = name
        state = Mutex(State(alarm: alarm))
        self.isUnattended = isUnattended
        self.interval = interval
    }

    /// True if the end of the run is what people know already.
    var isSilent: Bool { state.withLock(\.isSilent) }

    /// True while the run is in trouble, as far as people know.
    var isInTrouble: Bool { state.withLock { $0.alarm != nil } }

    /// True if it is resumed unasked then.
    var isRetrying: Bool { isUnattended && isInTrouble }

    /// Takes an event of this process before any message about it is sent.
    ///
    /// - Returns: how long the run had been in trouble, if the event shows that it no longer is.
    func receive(_ event: RunEvent, at now: Timestamp) -> Duration? {
        switch event {
        case .step(let step) where step.change.isProgress: clear(at: now)
        case .ended(let end): ended(end, at: now)
        default: nil
        }
    }

    /// Takes how many requests of this life were served, and how many were not.
    ///
    /// - Returns: how long the run had been in trouble, if the server has been well for a while.
    func look(served: Int, unserved: Int, at now: Timestamp) -> Duration? {
        let since: Timestamp? = state.withLock { state in
            defer { (state.served, state.unserved) = (served, unserved) }
            guard unserved == state.unserved else {
                state.servedSince = nil
                return nil
            }
            guard served > state.served else { return nil }
            let since = state.servedSince ?? now
            state.servedSince = since
            return now - since >= Self.steadyTime ? since : nil
        }
        return since.flatMap { clear(at: $0) }
    }

    private func clear(at now: Timestamp) -> Duration? {
        state.withLock { state in
            defer { state.alarm = nil }
            return state.alarm.map { max(.zero, now - $0.since) }
        }
    }

    private func ended(_ end: RunEnd, at now: Timestamp) -> Duration? {
        guard [.unreachable, .auth, .untrusted].contains(end.status) else {
            guard !end.status.isInterruption else { return nil }
            // A failure is a message of its own.
            let time = clear(at: now)
            return end.exitCode == 0 ? time : nil
        }
        return state.withLock { state in
            let next = Alarm.next(end.status.rawValue, after: state.alarm, at: now, remindingEvery: interval)
            state.alarm = next.alarm
            state.isSilent = isUnattended && !next.isNews
            return nil
        }
    }

    /// Keeps what people know now. A journal that cannot be written at once has them told once more.
    ///
    /// - Parameter wasDelivered: false if a message could not be sent: then people do not know.
    func keep(in journal: Journal, of run: String, wasDelivered: Bool) {
        var alarm = state.withLock(\.alarm)
        if !wasDelivered { alarm?.told = Alarm.untold }
        if alarm != before { try? journal.with(.none).keep(alarm, of: run) }
    }
}

extension StepEvent.Change {
    /// True if the run has got further.
    fileprivate var isProgress: Bool {
        switch self {
        case .accepted, .ended(.succeeded): true
        case .starting, .waiting, .state, .late, .warning, .retrying, .ended: false
        }
    }
}
