package import DataStudio

/// A question to a server, or something to be done there, other than the start of a workflow.
package enum Query: Hashable, Sendable {
    /// The job as it is now.
    case job(JobID)
    /// The most recent job of a workflow, whoever started it.
    case latestJob(label: String)
    /// The most recent job of a workflow that has not ended, whoever started it.
    case runningJob(label: String)
    case jobs(JobFilter)
    case workflows
    case spaces
    case dataset(label: String)
    /// Load the dataset anew, and wait until that has happened.
    case refreshDataset(label: String)
    /// Cancel the job, where the server can.
    case cancel(JobID)
    /// The last steps of a name that this journal knows; no server is asked.
    case history(name: String, limit: Int)
    /// The last completed steps of a name in that space of the server that began before; the journal is asked, no server.
    case usual(name: String, space: String?, before: Timestamp)
    /// Once: never repeated.
    case executeSchedule(label: String)
    /// Tell people; no server is asked.
    case notify(Notice)
    /// Tell people that a step takes longer than it may; no server is asked.
    case late(title: String, Lateness)
    /// Ask any server; once, if it may change something there.
    case http(HTTPCall)
    /// Other runs; the journal is asked, no server.
    case runs(RunQuery)
    /// Whether a person approves; no server is asked, and the answer comes from outside.
    case approval(Approval)
    /// Hold a lock or a place of a pool; no server is asked.
    case lock(LockRequest)
    /// What lies at a path of this machine; no server is asked.
    case file(path: String)
    /// The files of this machine that a pattern matches, so many at most; no server is asked.
    case files(pattern: String, limit: Int)

    /// True for what must not happen twice.
    package var isOnce: Bool {
        switch self {
        case .executeSchedule: true
        case .http(let call): !call.isRead
        default: false
        }
    }

    /// True for what is done without a Data Studio server.
    var isOutside: Bool {
        switch self {
        case .notify, .late, .http, .file, .files, .approval: true
        default: false
        }
    }
}
