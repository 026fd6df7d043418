import DataStudio
import Journal
import Orchestration
import Synchronization

/// Decides what people are notified of about a run in trouble: once of each cause, again at an interval, and when it is out
/// of trouble. It may be resumed every few minutes.
final class AlarmWatch: Sendable {
    private struct State {
        var alarm: Alarm?
        var isKnown = false
        /// What the last alarm was about, also when it is over.
        var workflows: Set<String> = []
        /// Since when the server has served every request of this life.
        var servedSince: Timestamp?
        var served = 0
        var unserved = 0
    }

    /// What messages call the run.
    let name: String
    private let before: Alarm?
    private let state: Mutex<State>
    let isUnattended: Bool
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
        state = Mutex(State(alarm: alarm?.isOver == true ? nil : alarm, workflows: alarm?.workflows ?? []))
        self.isUnattended = isUnattended
        self.interval = interval
    }

    /// True if people have been notified of how the run has ended.
    var isKnown: Bool { state.withLock(\.isKnown) }

    /// The workflows that the trouble is about, or was.
    var workflows: Set<String> { state.withLock(\.workflows) }

    /// True if nothing at all is to be said of that. Whoever asked for the run is always answered.
    var isSilent: Bool { isUnattended && isKnown }

    /// True while the run is in trouble, as far as people know.
    var isInTrouble: Bool { state.withLock { $0.alarm != nil } }

    /// How long it is until people are notified again of a run that is resumed unasked; `nil` for one that is not.
    var nextReminder: Duration? { isUnattended ? interval : nil }

    /// True if it is resumed unasked then.
    var isRetrying: Bool { isUnattended && isInTrouble }

    /// Takes an event of this process before any message about it is sent.
    ///
    /// - Returns: how long the run had been in trouble, if the event shows that it no longer is.
    func receive(_ event: RunEvent, at now: Timestamp) -> Duration? {
        switch event {
        case .step(let step) where step.change.isProgress && !needsPerson: clear(at: now)
        case .ended(let end): ended(end, at: now)
        default: nil
        }
    }

    /// Takes how many requests of this life were served, and how many were not.
    ///
    /// - Returns: how long the run had been in trouble, if the server has been well for a while.
    func look(served: Int, unserved: Int, at now: Timestamp) -> Duration? {
        if needsPerson { return nil }
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

    private var needsPerson: Bool { state.withLock { $0.alarm?.needsPerson == true } }

    private func ended(_ end: RunEnd, at now: Timestamp) -> Duration? {
        switch end.status {
        case .succeeded, .skipped, .cancelled:
            let time = clear(at: now)
            return end.exitCode == 0 ? time : nil
        case .detached: return nil
        case .failed, .check, .timeout, .auth, .unreachable, .untrusted, .ambiguous, .resolved, .stuck,
            .nondeterministic:
            return state.withLock { state in
                let next = Alarm.next(
                    Alarm.cause(of: end), of: end.workflows, after: state.alarm, at: now, remindingEvery: interval)
                (state.alarm, state.workflows) = (next.alarm, next.alarm.workflows)
                state.isKnown = !next.isNews
                return nil
            }
        }
    }

    /// How long the run has been in trouble, as people know; `nil` if they know of none.
    func trouble(at now: Timestamp) -> Duration? {
        state.withLock { state in state.alarm.map { max(.zero, now - $0.since) } }
    }

    /// Keeps what people know now. A journal that cannot be written at once has them notified once more.
    ///
    /// - Parameters:
    ///   - run: its id.
    ///   - person: who has resolved or retried the run last.
    func keep(in journal: Journal, of run: String, person: String?, at now: Timestamp) {
        var alarm = state.withLock(\.alarm)
        if alarm == nil, !isUnattended { alarm = before?.recovered(by: person, at: now) }
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
