import LuaVM

/// What a timer is armed for.
enum TimerUse {
    case sleep(key: String, LuaToken)
    case stepTimeout(NodeID)
    case stepLate(NodeID)
    /// The time-out of a `wait` or of a `timeout` block, after the duration.
    case group(GroupID, key: String, Duration)
}
