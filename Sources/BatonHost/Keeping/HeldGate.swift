import Journal
import Orchestration
import Synchronization

/// A gate that is held, with what was found behind it. It is let go when the last copy goes.
struct HeldGate: Sendable {
    private let hold: Hold
    let gate: Gate
    let state: GateState

    init(_ gate: Gate, lock: FileLock, runs: [FileLock], turn: LockQueue.Turn, state: GateState) {
        hold = Hold(lock: lock, runs: runs, turn: turn)
        self.gate = gate
        self.state = state
    }

    private final class Hold: Sendable {
        private let locks: Mutex<(locks: [FileLock], turn: LockQueue.Turn)?>

        init(lock: FileLock, runs: [FileLock], turn: LockQueue.Turn) {
            // Those of the dead runs whose doubts are settled first are held with the gate.
            locks = Mutex(([lock] + runs, turn))
        }

        deinit {
            // Whoever is next in this process finds the files free.
            locks.withLock { held in
                held?.locks = []
                held = nil
            }
        }
    }
}
