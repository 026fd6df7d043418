import Journal
import Orchestration

/// A gate that is held, with what was found behind it.
struct HeldGate: Sendable {
    let lock: FileLock
    /// Locks of the dead runs whose doubts are settled first.
    let runs: [FileLock]
    let state: GateState
}
