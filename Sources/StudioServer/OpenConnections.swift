import NIOCore
import Synchronization

/// The open connections of a server, so that none outlives it.
final class OpenConnections: Sendable {
    private let state = Mutex(State())

    private struct State {
        var isClosing = false
        var channels: [ObjectIdentifier: any Channel] = [:]
    }

    /// Remembers a connection until it is closed; closes it at once if that is what happens to all.
    func add(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        let isClosing = state.withLock { state in
            if !state.isClosing { state.channels[id] = channel }
            return state.isClosing
        }
        if isClosing {
            channel.close(promise: nil)
        } else {
            channel.closeFuture.whenComplete { _ in self.remove(id) }
        }
    }

    private func remove(_ id: ObjectIdentifier) {
        state.withLock { _ = $0.channels.removeValue(forKey: id) }
    }

    /// Closes all connections, and those still to come; returns when those of now are closed.
    func closeAll() async {
        let channels = state.withLock { state in
            state.isClosing = true
            return Array(state.channels.values)
        }
        for channel in channels { channel.close(promise: nil) }
        for channel in channels { try? await channel.closeFuture.get() }
    }
}
