/// The number of a timer.
package struct TimerID: Hashable, Sendable {
    /// From 1, and used once in a run.
    package let number: Int
}
