import Synchronization

/// References that were dropped and that their VM has not let go of yet.
final class ReleaseQueue: Sendable {
    private let numbers = Mutex<[Int32]>([])
    /// Looked at before every turn, where taking the lock would show.
    private let isFilled = Atomic(false)

    var hasNumbers: Bool { isFilled.load(ordering: .acquiring) }

    func append(_ number: Int32) {
        numbers.withLock { $0.append(number) }
        isFilled.store(true, ordering: .releasing)
    }

    /// Empties the queue.
    func take() -> [Int32] {
        numbers.withLock { numbers in
            isFilled.store(false, ordering: .relaxed)
            defer { numbers.removeAll() }
            return numbers
        }
    }
}
