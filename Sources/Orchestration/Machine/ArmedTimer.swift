import DataStudio

/// A timer that has not fired.
struct ArmedTimer {
    /// What tells timers apart in the log: each waits for one thing.
    struct Key: Hashable {
        let key: String
        let purpose: TimerPurpose
    }

    let use: TimerUse
    let key: Key
    /// The instant from which its duration counts: that of the turn that armed it, or of a retry.
    var armed: Timestamp
    let duration: Duration
    /// True if it had fired already, which a retry has taken back.
    var firesAgain = false
}
