import DataStudio
import Orchestration

/// What nobody but the world knows: which request made which job.
struct Truth {
    struct Attempt: Hashable {
        let run: String
        let key: String
        let number: Int
        /// How often the journal had been set back when it was made.
        var epoch = 0

        /// True for a job that is the attempt's, or one that a journal which was set back has forgotten of its step.
        func isSameStep(as other: Attempt) -> Bool {
            run == other.run && key == other.key && (number == other.number || epoch < other.epoch)
        }
    }

    /// A job; servers give ids away again.
    struct MadeJob: Hashable {
        let id: JobID
        let created: Timestamp?
    }

    /// A block that has wanted to hold a lock.
    struct Block: Hashable {
        let run: String
        let key: String

        /// True if what was started was started in it.
        func isAround(_ attempt: Attempt) -> Bool { attempt.run == run && attempt.key.hasPrefix(key + "/") }
    }

    var blocks: [Block: LockRequest] = [:]
    var sent: Set<Attempt> = []
    var jobs: [MadeJob: Attempt] = [:]
    var strangers: Set<JobID> = []
    /// Schedules that were asked for, by run and key.
    var schedules: [String: Int] = [:]
    var ids: Set<JobID> = []
    /// Requests to other servers, by run and address.
    var calls: [String: Int] = [:]
}
