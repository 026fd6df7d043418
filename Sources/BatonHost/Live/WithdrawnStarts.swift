import Orchestration
import Synchronization

/// Steps whose starts are not wanted any more. Asked by the tasks that send them.
final class WithdrawnStarts: Sendable {
    private let steps = Mutex<Set<NodeID>>([])

    func insert(_ step: NodeID) {
        _ = steps.withLock { $0.insert(step) }
    }

    func contains(_ step: NodeID) -> Bool {
        steps.withLock { $0.contains(step) }
    }
}
