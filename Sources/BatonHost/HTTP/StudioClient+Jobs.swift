import DataStudio
import Orchestration

extension StudioClient {
    /// Whether the job of an attempt runs no more: the server says that it has ended, or has another job with its id by now.
    ///
    /// - Returns: false as long as nobody can tell: of a server that does not know the job the reason may be a restart.
    func hasEnded(_ attempt: AttemptRow) async -> Bool {
        guard let identity = attempt.identity, let request = try? api.jobRequest(identity.id),
            case .read(let reply) = ErrorPolicy.verdict(await send(request), .question, api),
            let job = try? api.readJob(reply)
        else { return false }
        return job.state.isFinal || !identity.mayBe(api.identity(of: job))
    }
}
