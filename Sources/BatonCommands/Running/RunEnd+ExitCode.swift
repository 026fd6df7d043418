import Orchestration

extension RunEnd {
    /// The exit code: stable, documented in the README.
    var exitCode: Int32 {
        // What may run twice is a reason to call somebody although all went well. Another code says what carries on.
        statusCode == 0 && !suspicions.isEmpty ? 8 : statusCode
    }

    private var statusCode: Int32 {
        switch status {
        case .succeeded, .skipped: 0
        case .failed, .cancelled: 1
        case .check: 3
        case .auth: 4
        case .unreachable: 5
        case .timeout: 7
        case .ambiguous, .resolved, .stuck: 8
        case .nondeterministic, .untrusted: 9
        // As a shell has it; without a signal, as for Ctrl-C.
        case .detached: 128 + min(max(signal ?? 2, 1), 64)
        }
    }

    /// Of two exit codes the graver one, by the order of the README.
    static func graver(_ a: Int32, _ b: Int32) -> Int32 {
        let order: [Int32] = [8, 9, 64, 4, 5, 7, 1, 3, 6]
        func rank(_ code: Int32) -> Int { code == 0 ? .max : order.firstIndex(of: code) ?? order.count }
        return rank(a) <= rank(b) ? a : b
    }
}
