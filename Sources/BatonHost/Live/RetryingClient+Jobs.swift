import DataStudio
import Orchestration

extension RetryingClient {
    /// A page of jobs, newest first.
    func jobs(createdAfter: Timestamp?, page: Int, pageSize: Int) async throws(StudioFailure) -> Page<Job> {
        try await read(
            try client.api.jobListRequest(createdAfter: createdAfter, page: page, pageSize: pageSize),
            retriesNonsense: true, client.api.readJobs)
    }

    /// One job.
    func job(_ id: JobID) async throws(StudioFailure) -> Job {
        try await read(try client.api.jobRequest(id), retriesNonsense: true, client.api.readJob)
    }
}

extension StudioFailure {
    /// What it means for the run when jobs cannot be watched any more.
    var interruption: StepFailure {
        switch self {
        case .rejected(let status, let message):
            StepFailure(kind: .protocol, message: "the server refused to list jobs (\(status)): \(message)")
        case .failed(let failure): failure
        }
    }
}
