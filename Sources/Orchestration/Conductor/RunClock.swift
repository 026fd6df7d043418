import DataStudio

/// What a run takes for the time. It follows the wall clock; where that is set back, it goes on as time passes, so that a
/// script never sees the time stand still or go backwards.
struct RunClock {
    /// The time.
    private(set) var time: Timestamp
    /// What is added to the time since the process took up the run.
    private var offset: Duration?

    /// Both clocks are read one after the other, and the wall clock is adjusted in small steps: less than this is no setting.
    private static let jitter = Duration.seconds(1)

    /// A clock that goes on behind that time.
    init(notBefore time: Timestamp = Timestamp(milliseconds: 0)) {
        self.time = time
    }

    /// Sets the time to what the clocks show.
    ///
    /// - Returns: what they show.
    mutating func read(_ now: Instant) -> Instant {
        let zero = Timestamp(milliseconds: 0)
        let shown = now.wallClock - zero - now.elapsed
        let offset =
            if let last = self.offset, last - shown > Self.jitter {
                last
            } else {
                // A life that begins before the last record of the one before it begins there.
                max(shown, time - zero - now.elapsed)
            }
        self.offset = offset
        time = max(time, zero + offset + now.elapsed)
        return now
    }
}
