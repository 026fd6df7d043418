import Orchestration
import Synchronization

/// The attempts of which this process has written the intent and nothing more yet, so that they need not be read for the
/// answer. There are no more of them than starts under way.
final class KnownAttempts: Sendable {
    struct Key: Hashable {
        let run: String
        let key: String
        let attempt: Int
    }

    let rows = Mutex<[Key: AttemptRow]>([:])
}
