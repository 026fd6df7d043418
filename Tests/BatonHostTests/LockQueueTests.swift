import Synchronization
import Testing

@testable import BatonHost

@Suite(.timeLimit(.minutes(1))) struct LockQueueTests {
    private final class Seen: Sendable {
        let order = Mutex<[Int]>([])
        let inside = Atomic(0)
    }

    @Test func `one at a time, in the order in which they came`() async throws {
        let queue = LockQueue()
        let seen = Seen()
        var first: LockQueue.Turn? = try await queue.turn("a")
        var tasks: [Task<Void, any Error>] = []
        for number in 0..<30 {
            tasks.append(
                Task {
                    let turn = try await queue.turn("a")
                    #expect(seen.inside.add(1, ordering: .sequentiallyConsistent).newValue == 1)
                    seen.order.withLock { $0.append(number) }
                    await Task.yield()
                    seen.inside.subtract(1, ordering: .sequentiallyConsistent)
                    withExtendedLifetime(turn) {}
                })
            // It has its place before the next comes.
            while queue.count("a") < number + 2 { try await Task.sleep(for: .milliseconds(1)) }
        }
        // Another name is nobody's business.
        _ = try await queue.turn("b")
        _ = first
        first = nil
        for task in tasks { try await task.value }
        #expect(seen.order.withLock { $0 } == Array(0..<30))
        #expect(queue.count("a") == 0)
    }

    @Test func `who is cancelled gives up the place at once`() async throws {
        let queue = LockQueue()
        let first = try await queue.turn("a")
        let waiting = Task { try await queue.turn("a") }
        while queue.count("a") < 2 { try await Task.sleep(for: .milliseconds(1)) }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { _ = try await waiting.value }
        #expect(queue.count("a") == 1)
        let early = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try await queue.turn("a")
        }
        await #expect(throws: CancellationError.self) { try await early.value }
        #expect(queue.count("a") == 1)
        withExtendedLifetime(first) {}
    }
}
