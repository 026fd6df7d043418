import DataStudio
import Orchestration

/// Shows a run to somebody.
protocol RunRenderer: Sendable {
    /// True if it is to be redrawn while nothing happens.
    var isLive: Bool { get }
    func receive(_ event: RunEvent, at now: Timestamp)
    func redraw()
}
