import DataStudio
import Orchestration

/// Answers a script's questions to a server.
extension RetryingClient {
    /// Answers one question. A refusal is an answer.
    func answer(_ query: Query) async -> Answer {
        do throws(StudioFailure) {
            switch query {
            case .job(let id): return .job(try await job(id))
            case .latestJob(let label): return try await latestJob(label)
            case .cancel(let id):
                try await read(try client.api.cancelRequest(id), client.api.readDone)
                return .cancelled(true, reason: "")
            }
        } catch {
            switch (query, error) {
            case (.cancel, .rejected(_, let message)): return .cancelled(false, reason: message)
            case (.cancel, .failed(let failure)) where failure.kind == .unsupported:
                return .cancelled(false, reason: "this server cannot cancel jobs")
            case (_, .rejected(let status, let message)):
                return .failed(StepFailure(kind: .rejected, message: "the server refused (\(status)): \(message)"))
            case (_, .failed(let failure)): return .failed(failure)
            }
        }
    }

    /// The most recent job of a workflow. A label that has no job and that no workflow has is refused.
    private func latestJob(_ label: String) async throws(StudioFailure) -> Answer {
        var page = 0
        while true {
            let list = try await jobs(createdAfter: nil, page: page, pageSize: 200)
            if let job = list.items.first(where: { $0.label == label }) { return .job(job) }
            page += 1
            if page >= list.pages { break }
        }
        guard client.api.supports(.listWorkflows) else { return .job(nil) }
        page = 0
        while true {
            let list = try await read(
                try client.api.workflowListRequest(page: page), client.api.readWorkflows)
            if list.items.contains(label) { return .job(nil) }
            page += 1
            if page >= list.pages { break }
        }
        throw .failed(StepFailure(kind: .rejected, message: "the server has no workflow labelled \"\(label)\""))
    }
}
