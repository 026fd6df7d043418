import Synchronization

/// Whether a connection was made. Noted on an event loop, read by whoever sent.
final class ConnectionNote: Sendable {
    private let flag = Atomic(false)

    /// True once there was a connection.
    var isNoted: Bool { flag.load(ordering: .acquiring) }

    func note() {
        flag.store(true, ordering: .releasing)
    }
}
