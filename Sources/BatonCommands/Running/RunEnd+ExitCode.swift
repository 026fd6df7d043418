import Orchestration

extension RunEnd {
    /// The exit code: stable, documented in the README.
    var exitCode: Int32 {
        switch status {
        case .succeeded: 0
        case .failed, .cancelled: 1
        case .check: 3
        case .auth: 4
        case .unreachable: 5
        case .timeout: 7
        case .ambiguous: 8
        case .nondeterministic, .untrusted: 9
        // As a shell has it; without a signal, as for Ctrl-C.
        case .detached: 128 + (signal ?? 2)
        }
    }
}
