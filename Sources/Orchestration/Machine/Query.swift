package import DataStudio

/// A question to a server, other than a start.
package enum Query: Hashable, Sendable {
    /// The job as it is now.
    case job(JobID)
    /// The most recent job of a workflow, whoever started it.
    case latestJob(label: String)
    /// Cancel the job, where the server can.
    case cancel(JobID)
}
