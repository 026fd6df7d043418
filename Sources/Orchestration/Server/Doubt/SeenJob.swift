package import DataStudio

/// A job as a server listed it: servers give ids away again, and then the time is another.
package struct SeenJob: Hashable, Sendable {
    /// The job's id.
    package var id: JobID
    /// When the server made it, by its clock; `nil` if it does not tell.
    package var created: Timestamp?

    /// A job of that time.
    package init(_ id: JobID, created: Timestamp?) {
        self.id = id
        self.created = created
    }

    /// The job that was listed.
    init(_ job: Job) { self.init(job.id, created: job.created) }

    /// False if they are surely two.
    func mayBe(_ job: Job) -> Bool {
        id == job.id && (created == nil || job.created == nil || created == job.created)
    }
}
