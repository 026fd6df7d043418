import DataStudio

/// What tells jobs apart: a job belongs to one step.
struct JobKey: Hashable {
    /// The server's name in the configuration; `nil`: the run's own.
    let server: String?
    let job: JobID
}
