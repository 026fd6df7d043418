/// What a timer is for.
package enum TimerPurpose: String, Hashable, Sendable {
    /// A script's `sleep`.
    case sleep
    /// The time-out of a step, of a `wait` or of a `timeout` block.
    case timeout
    /// A step's `max` has passed.
    case late
    /// A step's `queue_max` has passed.
    case queued
    /// The delay before a step that FAILED is started again.
    case retry
    /// The time that the `<close>` handlers of a stopped task have.
    case grace
    /// The time that a function of `finally` has; of all together, where the key is that of the run.
    case finally
}
