import Synchronization

/// References that were dropped and that their VM has not let go of yet.
final class ReleaseQueue: Sendable {
    private let numbers = Mutex<[Int32]>([])

    func append(_ number: Int32) {
        numbers.withLock { $0.append(number) }
    }

    /// Empties the queue.
    func take() -> [Int32] {
        numbers.withLock { numbers in
            guard !numbers.isEmpty else { return [] }
            defer { numbers.removeAll(keepingCapacity: true) }
            return numbers
        }
    }
}
