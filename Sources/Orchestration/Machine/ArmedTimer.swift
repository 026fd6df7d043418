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
    /// The instant of the turn that armed it.
    let armed: Timestamp
    let duration: Duration
}
