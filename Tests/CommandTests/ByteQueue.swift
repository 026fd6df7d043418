import Synchronization

/// What a thread reads, for somebody who waits for it.
final class ByteQueue: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var isOver = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// - Parameter bytes: `nil`: nothing more comes.
    func put(_ bytes: [UInt8]?) {
        let waiter = state.withLock { state in
            if let bytes { state.bytes += bytes } else { state.isOver = true }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    /// Everything that has come; `nil` at the end, and if the task is cancelled, as a test is whose time is over.
    func next() async -> [UInt8]? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    guard state.bytes.isEmpty, !state.isOver else { return true }
                    state.waiter = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            put(nil)
        }
        return state.withLock { state in
            defer { state.bytes = [] }
            return state.bytes.isEmpty ? nil : state.bytes
        }
    }
}
