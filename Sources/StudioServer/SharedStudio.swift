import DataStudio
import JSON
import SimulatedStudio
import Synchronization

/// The simulation that all connections of a server share.
final class SharedStudio: Sendable {
    private let studio: Mutex<SimulatedStudio>
    private let observer: (@Sendable (StudioLogEntry) -> Void)?

    init(_ studio: sending SimulatedStudio, observer: (@Sendable (StudioLogEntry) -> Void)?) {
        self.studio = Mutex(studio)
        self.observer = observer
    }

    func handle(_ request: SimulatedRequest) -> SimulatedReply {
        studio.withLock { studio in
            // The clock is read under the lock, so that the log is in the order of its times; and the observer is
            // called under it, so that it sees the same order.
            let reply = studio.handle(request, at: .now)
            if let entry = studio.log.last { observer?(entry) }
            return reply
        }
    }

    /// The server begins now.
    func begin() {
        studio.withLock { $0.begin(at: .now) }
    }

    /// The server's own clock.
    var clock: Timestamp { .now + studio.withLock { $0.scenario.clock } }

    /// Whether nobody listens now, and how long it stays so; `nil`: for good.
    func availability() -> (isDown: Bool, change: Duration?) {
        studio.withLock { studio in (studio.isDown(at: .now), studio.nextChange(after: .now)) }
    }

    var log: [StudioLogEntry] { studio.withLock { $0.log } }

    func jobs() -> [Job] { studio.withLock { $0.jobs(at: .now) } }

    func jobLog() -> [JSON] { studio.withLock { $0.jobLog(at: .now) } }
}
