import BatonHost
import DataStudio
import Journal
import Orchestration

/// Looks whether a job can be a step's, before a person's word for it is taken: a wrong one could not be put right later.
struct AdoptionCheck {
    let desk: RunDesk
    let row: RunRow

    /// Asks the server for the job, and the journal for its owner.
    ///
    /// - Returns: the job with the time at which the server made it.
    /// - Throws: ``Refusal`` for a job that the server does not know, of another workflow, or of another step, and if the
    ///   server cannot be asked.
    func job(_ id: JobID, for step: StepDescription) async throws -> JobIdentity {
        let configuration = try desk.configuration(for: row)
        let server = step.server ?? row.server
        guard let settings = configuration.servers[server] else {
            throw Refusal("The server \"\(server)\" of \(step.title) is not configured here.")
        }
        let client = try await StudioClient.open(settings, patience: configuration.patience)
        let found: Result<JobIdentity, any Error>
        do {
            found = .success(try await job(id, of: step.label, on: client))
        } catch {
            found = .failure(error)
        }
        await client.shutdown()
        let job = try found.get()
        if let owner = try desk.journal.owner(of: job, on: client.identity.name, besides: row.id, step.key) {
            throw Refusal(
                "Job \(id) belongs to the step \(owner.intent.title) of run \(owner.run), and a job has one owner: baton show "
                    + "\(owner.run)")
        }
        return job
    }

    private func job(_ id: JobID, of label: String, on client: StudioClient) async throws -> JobIdentity {
        // A server that cannot be asked for one job has nothing against it.
        guard let request = try? client.api.jobRequest(id) else { return JobIdentity(id, created: nil) }
        let url = client.identity.url
        switch ErrorPolicy.verdict(await client.send(request), .question, client.api) {
        case .read(let reply):
            let job: Job
            do {
                job = try client.api.readJob(reply)
            } catch {
                throw Refusal("What \(url) says of job \(id) cannot be understood: \(StepFailure(error).message)")
            }
            guard job.id == id else {
                throw Refusal("\(url) answers with job \(job.id) when it is asked for job \(id).")
            }
            guard job.label == nil || job.label == label else {
                throw Refusal("Job \(id) is one of the workflow \(job.label ?? ""), not of \(label).")
            }
            return client.api.identity(of: job)
        case .refused(404, _), .refused(410, _):
            throw Refusal("\(url) knows no job \(id). Its jobs of \(label) are listed in Data Studio.")
        case .readKey(let status, let message), .refused(let status, let message):
            throw Refusal("\(url) does not tell of job \(id) (\(status)): \(message)")
        case .again(let reason, _), .doubtful(let reason), .nonsense(let reason):
            throw Refusal(
                "\(url) has to be asked about job \(id) first, and cannot be: \(reason). Try again when it can be reached."
            )
        }
    }
}
