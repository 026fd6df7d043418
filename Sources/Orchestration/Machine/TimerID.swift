/// The number of a timer.
package struct TimerID: Hashable, Sendable {
    package let number: Int
}
