import DataStudio

/// What nobody but the world knows: which request made which job.
struct Truth {
    struct Attempt: Hashable {
        let run: String
        let key: String
        let number: Int
    }

    /// A job; servers give ids away again.
    struct MadeJob: Hashable {
        let id: JobID
        let created: Timestamp?
    }

    var sent: Set<Attempt> = []
    var jobs: [MadeJob: Attempt] = [:]
    var strangers: Set<JobID> = []
    /// Schedules that were asked for, by run and key.
    var schedules: [String: Int] = [:]
    var ids: Set<JobID> = []
    /// Requests to other servers, by run and address.
    var calls: [String: Int] = [:]
}
