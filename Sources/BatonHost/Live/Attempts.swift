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

    /// Counts a failure. Returns the wait before the next try, or `nil` when there is none.
    mutating func delay() -> Duration? {
        failures += 1
        return backoff.delay(after: clock.now - began)
    }
}
