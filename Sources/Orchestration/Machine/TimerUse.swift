import LuaVM

/// What a timer is armed for.
enum TimerUse {
    case sleep(LuaToken)
    case stepTimeout(NodeID)
    case stepLate(NodeID)
    case stepQueued(NodeID)
    case stepRetry(NodeID)
    /// The time-out of a `wait` or of a `timeout` block, after the duration.
    case group(GroupID, Duration)
    case grace(NodeID)
    /// The time of the function of a `finally`; of all together for `nil`.
    case finally(NodeID?)

    var purpose: TimerPurpose {
        switch self {
        case .sleep: .sleep
        case .stepTimeout, .group: .timeout
        case .stepLate: .late
        case .stepQueued: .queued
        case .stepRetry: .retry
        case .grace: .grace
        case .finally: .finally
        }
    }
}
