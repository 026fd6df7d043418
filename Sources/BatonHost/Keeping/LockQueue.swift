import DequeModule
import Synchronization

/// Who in this process is next to try a lock, by the lock's name: first come, first served. Only the first of them tries
/// the file, and when it lets go the next is told.
final class LockQueue: Sendable {
    /// That of this process, in which several runs may live.
    static let shared = LockQueue()

    private struct Line {
        /// In the order in which they came.
        var numbers: Deque<Int> = []
        var waiters: [Int: CheckedContinuation<Void, any Error>] = [:]
    }

    private struct State {
        var lines: [String: Line] = [:]
        var last = 0
        /// Of those that were cancelled before they could wait.
        var cancelled: Set<Int> = []
    }

    private let state = Mutex(State())

    /// The right to try a lock, until the object goes.
    final class Turn: Sendable {
        private let queue: LockQueue
        private let name: String

        fileprivate init(_ queue: LockQueue, _ name: String) {
            self.queue = queue
            self.name = name
        }

        deinit { queue.pass(name) }
    }

    /// Waits for the turn.
    ///
    /// - Throws: `CancellationError`; the place in the queue is given up then.
    func turn(_ name: String) async throws -> Turn {
        let number = state.withLock { state in
            state.last += 1
            return state.last
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<Void, any Error>? = state.withLock { state in
                    guard state.cancelled.remove(number) == nil else { return .failure(CancellationError()) }
                    state.lines[name, default: Line()].numbers.append(number)
                    if state.lines[name]?.numbers.count == 1 { return .success(()) }
                    state.lines[name]?.waiters[number] = continuation
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            cancel(number, name)
        }
        return Turn(self, name)
    }

    /// How many wait or have the turn.
    func count(_ name: String) -> Int { state.withLock { $0.lines[name]?.numbers.count ?? 0 } }

    private func cancel(_ number: Int, _ name: String) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            guard let index = state.lines[name]?.numbers.firstIndex(of: number) else {
                state.cancelled.insert(number)
                return nil
            }
            // Whoever has the turn gives it up by itself.
            guard let waiter = state.lines[name]?.waiters.removeValue(forKey: number) else { return nil }
            state.lines[name]?.numbers.remove(at: index)
            return waiter
        }
        waiter?.resume(throwing: CancellationError())
    }

    private func pass(_ name: String) {
        let next = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            state.lines[name]?.numbers.removeFirst()
            guard let number = state.lines[name]?.numbers.first else {
                state.lines[name] = nil
                return nil
            }
            return state.lines[name]?.waiters.removeValue(forKey: number)
        }
        next?.resume()
    }
}
