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
    /// False for a simulated run.
    var isKept = true
    /// Finds the folder in which commands about the run find its journal; `nil`: anywhere. It reads configurations.
    var folder: @Sendable () -> String? = { nil }

    func receive(_ event: RunEvent) {
        var event = event
        if case .ended(var end) = event {
            (end.isKept, end.folder) = (isKept, folder())
            event = .ended(end)
        }
        let now = Timestamp.now
        if let time = alarms?.receive(event, at: now) { recover(after: time) }
        let isKnown = alarms?.isSilent == true
        if !isKnown || !renderer.isMailed { renderer.receive(event, at: now) }
        if !isKnown { announcer?.receive(event, at: now) }
        meter?.receive(event)
    }

    /// The run is out of trouble.
    func recover(after time: Duration) {
        renderer.warn("\(alarms?.name ?? "the run") has recovered after \(time.short)")
        announcer?.recover(after: time, at: .now)
    }

    func recall(_ event: RunEvent, at time: Timestamp) {
        renderer.recall(event, at: time)
        announcer?.recall(event, at: time)
    }

    /// The run's end is in the journal.
    func finish() async {
        await announcer?.finish()
        await meter?.finish()
    }
}
