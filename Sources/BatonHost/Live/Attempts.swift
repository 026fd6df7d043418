/// A row of failures of one request.
struct Attempts {
    private var backoff: Backoff
    private let clock = ContinuousClock()
    private let began: ContinuousClock.Instant
    private var failures = 0

    init(_ patience: Duration) {
        backoff = Backoff(patience: patience)
        began = clock.now
    }

    /// True after the first failure.
    var isFirst: Bool { failures == 1 }

    /// Counts a failure.
    ///
    /// - Parameter wish: how long the server wants us to wait; never longer than the patience lasts.
    /// - Returns: the wait before the next try, or `nil` when there is none.
    mutating func delay(atLeast wish: Duration = .zero) -> Duration? {
        failures += 1
        return backoff.delay(after: clock.now - began, atLeast: wish)
    }
}
