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

    func receive(_ event: RunEvent) {
        let now = Timestamp.now
        renderer.receive(event, at: now)
        announcer?.receive(event, at: now)
        meter?.receive(event)
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
