import Synchronization

/// What the children of a live run report to it. All that has come by now is taken at once: what it leads to becomes
/// durable together.
final class LiveInbox: Sendable {
    /// `nil` once nobody takes anything any more.
    private let waiting = Mutex<[LiveEvent]?>([])
    private let signal: AsyncStream<Void>.Continuation
    /// Has an element when there is something to take.
    let arrivals: AsyncStream<Void>

    init() {
        (arrivals, signal) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func yield(_ event: LiveEvent) {
        let isTaken = waiting.withLock { waiting in
            waiting?.append(event)
            return waiting != nil
        }
        if isTaken { signal.yield() } else { Self.refuse(event) }
    }

    func takeAll() -> [LiveEvent] {
        waiting.withLock { waiting in
            defer { waiting?.removeAll() }
            return waiting ?? []
        }
    }

    /// The run is over: who still wants to see something of it is told so.
    func close() {
        let rest = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting ?? []
        }
        for event in rest { Self.refuse(event) }
    }

    private static func refuse(_ event: LiveEvent) {
        if case .look(let body) = event { body(nil) }
    }
}
