import Synchronization

/// What the children of a live run report to it. All that has come by now is taken at once: what it leads to becomes
/// durable together.
final class LiveInbox: Sendable {
    private let waiting = Mutex<[LiveEvent]>([])
    private let signal: AsyncStream<Void>.Continuation
    /// Has an element when there is something to take.
    let arrivals: AsyncStream<Void>

    init() {
        (arrivals, signal) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func yield(_ event: LiveEvent) {
        waiting.withLock { $0.append(event) }
        signal.yield()
    }

    func takeAll() -> [LiveEvent] {
        waiting.withLock { waiting in
            defer { waiting.removeAll() }
            return waiting
        }
    }
}
