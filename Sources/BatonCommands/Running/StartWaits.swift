import Journal
import Orchestration
import Synchronization

/// Tells other processes what the steps of this run wait for. A journal that is locked does not delay the run.
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

    /// What is noted of a step that waits for a person.
    static let approval = "for approval"

    func receive(_ event: RunEvent) {
        guard case .step(let step) = event else { return }
        let key = step.step.key
        if let reason = Self.reason(step) {
            waiting.withLock { _ = $0.insert(key) }
            try? journal.note(wait: reason, of: key, in: run)
        } else if waiting.withLock({ $0.remove(key) }) != nil {
            try? journal.note(wait: nil, of: key, in: run)
        }
    }

    /// An event of an earlier life: a person is waited for as before, and everything else is found out anew.
    func recall(_ event: RunEvent) {
        if case .step(let step) = event, step.step.kind == .approval { receive(event) }
    }

    /// What it waits for now; `nil`: for nothing more.
    private static func reason(_ event: StepEvent) -> String? {
        switch event.change {
        case .waiting(let reason): reason
        case .starting where event.step.kind == .approval: approval
        default: nil
        }
    }
}
