/// The waits between tries: doubling, with jitter, until the patience is used up.
struct Backoff {
    private let patience: Duration
    private var next = Duration.milliseconds(200)

    /// The longest wait between two tries.
    private static let longest = Duration.seconds(15)

    init(patience: Duration) {
        self.patience = patience
    }

    /// How long to wait before the next try.
    ///
    /// - Parameters:
    ///   - elapsed: since the first failure of the row.
    ///   - wish: how long the server wants us to wait.
    /// - Returns: `nil` when the patience is used up.
    mutating func delay(after elapsed: Duration, atLeast wish: Duration = .zero) -> Duration? {
        guard elapsed < patience else { return nil }
        let delay = next * Double.random(in: 0.75...1.25)
        next = min(next * 2, Self.longest)
        return min(max(delay, wish), patience - elapsed)
    }
}
