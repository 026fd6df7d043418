import BatonHost
import DataStudio
import Orchestration

/// Everybody who is told of a run.
struct RunAudience: Sendable {
    let renderer: any RunRenderer
    /// `nil` where nobody is to be told.
    var announcer: RunAnnouncer?
    /// `nil` where nothing is counted.
    var meter: Meter?
    /// `nil` where nobody has been told of anything before.
    var alarms: AlarmWatch?
    /// `nil` where no other process looks.
    var waits: StartWaits?
    /// When this process resumed the run; `nil` if it began it.
    var resumed: Timestamp?
    /// Who has resolved or retried the run last.
    var person: String?
    /// False for a simulated run.
    var isKept = true
    /// Finds the folder in which commands about the run find its journal; `nil`: anywhere. It reads configurations.
    var folder: @Sendable () -> String? = { nil }

    /// Keeps what is to be sent at the end of the run, before anything of it leaves.
    var claim: @Sendable () -> Void = {}

    func receive(_ event: RunEvent) {
        var event = event
        if case .ended(var end) = event {
            (end.isKept, end.folder, end.resumed) = (isKept, folder(), resumed)
            (end.nextReminder, end.trouble) = (alarms?.nextReminder, alarms?.trouble(at: .now))
            event = .ended(end)
        }
        let now = Timestamp.now
        if let time = alarms?.receive(event, at: now) { recover(after: time, event.status) }
        // First: a terminal may be blocked, and the process be killed then.
        if alarms?.isKnown == true {
            announcer?.recall(event, at: now)
        } else {
            announcer?.receive(event, at: now)
        }
        if event.status != nil { claim() }
        if alarms?.isSilent != true || !renderer.isMailed { renderer.receive(event, at: now) }
        meter?.receive(event)
        waits?.receive(event)
    }

    /// The run is out of trouble.
    ///
    /// - Parameter status: `nil` while it runs.
    func recover(after time: Duration, _ status: RunStatus? = nil) {
        if let alarms, alarms.isUnattended { renderer.warn("\(alarms.name) has recovered after \(time.short)") }
        announcer?.recover(after: time, status, by: person, of: alarms?.workflows ?? [], at: .now)
    }

    func recall(_ event: RunEvent, at time: Timestamp) {
        renderer.recall(event, at: time)
        announcer?.recall(event, at: time)
        waits?.recall(event)
    }
}

extension RunEvent {
    /// How the run has ended; `nil` for what is not its end.
    fileprivate var status: RunStatus? {
        if case .ended(let end) = self { end.status } else { nil }
    }
}
