import DataStudio
import Orchestration

extension StudioClient {
    /// How the job of an attempt stands.
    func standing(of attempt: AttemptRow) async -> JobStanding {
        guard let identity = attempt.identity, let request = try? api.jobRequest(identity.id) else { return .unknown }
        switch ErrorPolicy.verdict(await send(request), .question, api) {
        case .read(let reply):
            guard let job = try? api.readJob(reply) else { return .unknown }
            return job.state.isFinal || !identity.mayBe(api.identity(of: job)) ? .over : .running
        case .refused(status: 404, _): return .missing
        default: return .unknown
        }
    }
}

/// How a job stands, as far as its server can tell.
enum JobStanding: Equatable {
    case running
    /// It has ended, or another job has its id by now.
    case over
    /// The server does not know it: it has forgotten it, or is just starting again.
    case missing
    /// Nobody can tell.
    case unknown
}
