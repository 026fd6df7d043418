import Orchestration

extension RunStatus {
    /// The exit code: stable, documented in the README.
    var exitCode: Int32 {
        switch self {
        case .succeeded: 0
        case .failed: 1
        case .check: 3
        case .auth: 4
        case .unreachable: 5
        case .timeout: 7
        case .ambiguous: 8
        // A signal's own code takes its place.
        case .detached: 130
        }
    }
}
