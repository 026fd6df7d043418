import Foundation
import Synchronization

/// Threads that compute until they are told to stop.
final class BusyThreads: Sendable {
    private let isOver = Atomic(false)

    init(_ count: Int) {
        for _ in 0..<count {
            Thread.detachNewThread { [self] in
                var value: UInt64 = 1
                while !isOver.load(ordering: .relaxed) {
                    for _ in 0..<10_000 { value = value &* 6_364_136_223_846_793_005 &+ 1 }
                }
                withExtendedLifetime(value) {}
            }
        }
    }

    func stop() { isOver.store(true, ordering: .relaxed) }
}
