import Dispatch

/// One timer that is set again and again. A `Task.sleep` that is cancelled is kept until it would have been over, which of a
/// run with a thousand timers a second is much; this is one timer of the system's.
///
/// Used by one thread at a time.
final class WakeTimer {
    private let source: any DispatchSourceTimer
    private var until: ContinuousClock.Instant?

    /// The system's timer stands still while the machine sleeps: it is late by no more than this.
    private static let longest = Duration.seconds(60)

    /// - Parameter wake: called when the time has come, or earlier.
    init(_ wake: @escaping @Sendable () -> Void) {
        source = DispatchSource.makeTimerSource()
        source.setEventHandler(handler: wake)
        source.activate()
    }

    deinit { source.cancel() }

    /// Wakes at that time, and at no other. One that is set for an earlier time is left as it is.
    ///
    /// - Parameter next: `nil`: never.
    func set(_ next: ContinuousClock.Instant?, at now: ContinuousClock.Instant) {
        guard let next else {
            if until != nil { source.schedule(deadline: .distantFuture) }
            until = nil
            return
        }
        if let until, until <= next { return }
        until = next
        let wait = min(max(.zero, next - now), Self.longest)
        source.schedule(deadline: .now() + .nanoseconds(Int(wait / .nanoseconds(1))))
    }

    /// It has woken: it is set no longer.
    func woke() { until = nil }
}
