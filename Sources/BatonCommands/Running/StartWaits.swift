import Journal
import Orchestration
import Synchronization

/// Tells other processes what the starts of this run wait for. A journal that is locked does not delay the run.
final class StartWaits: Sendable {
    private let journal: Journal
    private let run: String
    /// The keys of the steps whose starts wait.
    private let waiting = Mutex<Set<String>>([])

    /// - Parameter journal: in which it is noted.
    init(of run: String, in journal: Journal) {
        self.journal = journal.with(.none)
        self.run = run
    }

    func receive(_ event: RunEvent) {
        guard case .step(let step) = event else { return }
        let key = step.step.key
        if case .waiting(let reason) = step.change {
            waiting.withLock { _ = $0.insert(key) }
            try? journal.note(wait: reason, of: key, in: run)
        } else if waiting.withLock({ $0.remove(key) }) != nil {
            try? journal.note(wait: nil, of: key, in: run)
        }
    }
}
