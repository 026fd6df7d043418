import BatonHost
import DataStudio
import Foundation
import Glibc
import Journal
import Orchestration

/// Cancels one job of a server, whoever started it.
struct JobCancellation {
    let client: StudioClient
    /// The journal, which knows the runs that jobs belong to; `nil` if there is none.
    let journal: Journal?
    /// Nobody is asked.
    let isAgreed: Bool

    private var url: String { client.identity.url }

    /// - Returns: the exit code.
    func cancel(_ id: JobID) async throws -> Int32 {
        guard client.api.supports(.cancelJob) else {
            throw Refusal("\(url) cannot cancel jobs: its API description has no operation cancelJob.")
        }
        let job = try await look(at: id)
        let owner = try journal?.owner(of: client.api.identity(of: job), on: client.identity.name, besides: "", "")
        Output.standard.write(([words(of: job)] + words(of: owner)).map { $0.visible + "\n" }.joined())
        guard !job.state.isFinal else {
            Output.standard.write("It has ended: there is nothing to cancel.\n")
            return 0
        }
        guard try isWanted(id) else {
            Output.standard.write("Nothing was cancelled.\n")
            return 1
        }
        switch ErrorPolicy.verdict(
            await client.send(try client.api.cancelRequest(id)), .question, client.api)
        {
        case .read: Output.standard.write("Job \(id) is being cancelled.\n")
        case .readKey(let status, let message): throw refusal(ofKey: status, message)
        case .refused(let status, let message):
            throw Refusal("\(url) does not cancel job \(id) (\(status)): \(message)")
        case .again(let reason, _), .doubtful(let reason), .nonsense(let reason):
            throw Refusal(lines: ["Whether job \(id) is cancelled is not known: \(reason)"], code: 5)
        }
        return 0
    }

    private func look(at id: JobID) async throws -> Job {
        switch ErrorPolicy.verdict(await client.send(try client.api.jobRequest(id)), .question, client.api) {
        case .read(let reply): return try client.api.readJob(reply)
        case .readKey(let status, let message): throw refusal(ofKey: status, message)
        case .refused(let status, let message): throw Refusal("\(url) does not know job \(id) (\(status)): \(message)")
        case .again(let reason, _), .doubtful(let reason), .nonsense(let reason):
            throw Refusal(lines: ["\(url) cannot be asked for job \(id): \(reason)"], code: 5)
        }
    }

    private func refusal(ofKey status: Int, _ message: String) -> Refusal {
        Refusal(lines: ["\(url) refuses the key (\(status)): \(message)"], code: 4)
    }

    private func words(of job: Job) -> String {
        let label = job.label.map { " of \($0)" } ?? ""
        let since = (job.started ?? job.created).map { ", since \($0.localDate)" } ?? ""
        return "Job \(job.id)\(label) on \(url): \(job.stateName)\(since)"
    }

    private func words(of owner: AttemptRow?) -> [String] {
        guard let owner else { return ["No run of this journal has started it."] }
        return ["Run \(owner.run) has started it, and fails when it is cancelled: baton show \(owner.run)"]
    }

    private func isWanted(_ id: JobID) throws -> Bool {
        if isAgreed { return true }
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
            throw Refusal("Nothing was cancelled: without a terminal --yes is needed.")
        }
        Output.standard.write("Cancel it? [y/N] ")
        return ["y", "yes"].contains(readLine()?.trimmingCharacters(in: .whitespaces).lowercased())
    }
}
