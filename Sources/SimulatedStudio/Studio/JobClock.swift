import DataStudio

/// The clock of the machine that stamps a job.
struct JobClock: Hashable {
    /// How far it is ahead of the real one.
    var offset = Duration.zero
    /// Its changes, since `began`.
    var steps: [Scenario.ClockStep] = []
    /// When the server began.
    var began = Timestamp(milliseconds: 0)

    /// What it shows at an instant of the real clock.
    ///
    /// A job keeps its clock, so that every reply has the same stamps of it.
    func reading(at instant: Timestamp) -> Timestamp {
        guard !steps.isEmpty else { return instant + offset }
        let age = instant - began
        return steps.reduce(instant + offset) { time, step in step.from <= age ? time + step.by : time }
    }
}
