/// The number of a timer.
package struct TimerID: Hashable, Sendable {
    /// From 1, and used once in a run.
    package let number: Int

    /// The timer of that number.
    package init(number: Int) {
        self.number = number
    }
}
