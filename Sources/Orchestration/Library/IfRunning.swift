/// What a step does when its workflow already runs on the server. The raw values are a script's words.
enum IfRunning: String, CaseIterable {
    /// Starts another job.
    case start
    /// Waits for the job's end, then starts its own.
    case wait
    /// Takes the job for its own, and its result.
    case join
    /// Fails.
    case fail
}
