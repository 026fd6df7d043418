import ArgumentParser
import BatonHost
import DataStudio
import Foundation
import Glibc
import JSON
import Orchestration

/// `baton jobs`: the server's jobs, whoever started them.
struct JobsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs", abstract: "Lists the server's jobs, the newest first, whoever started them.")

    @Option(
        help: ArgumentHelp("The server: a name in the configuration, or a URL.", valueName: "name"),
        completion: ShellCompletion.server)
    var server: String?

    @Option(help: ArgumentHelp("Jobs of this workflow.", valueName: "label"))
    var label: String?

    @Option(
        help: ArgumentHelp("Jobs in this state: QUEUED, RUNNING, COMPLETED, FAILED or CANCELLED.", valueName: "state"))
    var state: String?

    @Option(help: ArgumentHelp("Jobs made no longer ago than that, as 2d.", valueName: "duration"))
    var since = "1d"

    @Option(help: ArgumentHelp("How many at most.", valueName: "number"))
    var limit = 50

    @Flag(help: "Print one JSON object for each job.")
    var json = false

    func validate() throws {
        guard Duration(text: since) != nil else {
            throw ValidationError("--since takes a duration such as 2d; got \"\(since)\".")
        }
        if let state, JobState(rawValue: state.uppercased()) == nil {
            throw ValidationError("There is no state \"\(state)\".")
        }
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit takes a number from 1 to 100000.") }
    }

    func run() async throws {
        throw ExitCode(
            await telling(json: json) {
                let loader = ConfigurationLoader(
                    environment: ProcessInfo.processInfo.environment,
                    directory: FileManager.default.currentDirectoryPath)
                let configuration = try loader.load(server: server)
                let (jobs, isCut) = try await StudioClient.asking(configuration) { client in
                    try await Self.list(
                        client, since: Duration(text: since) ?? .zero, label: label,
                        state: state.flatMap { JobState(rawValue: $0.uppercased()) }, limit: limit)
                }
                Output.standard.write(text(jobs))
                if isCut {
                    Output.errors.write("The server's list has more than \(ListCursor.mostPages) pages: cut there.\n")
                }
                return 0
            })
    }

    /// The jobs of a server, newest first, without those that are not wanted.
    ///
    /// - Returns: with them, whether the list is longer than what is read of it.
    static func list(
        _ client: StudioClient, since: Duration, label: String? = nil, state: JobState? = nil, limit: Int
    ) async throws -> (jobs: [Job], isCut: Bool) {
        let from = Timestamp.now + (.zero - since)
        var jobs: [Job] = []
        var isCut = false
        var cursor: ListCursor? = .first
        while let page = cursor, jobs.count < limit {
            let request = try client.api.jobListRequest(
                createdAfter: from, label: label, at: page, pageSize: StudioAPI.usualPageSize)
            let url = client.identity.url
            switch ErrorPolicy.verdict(await client.send(request), .question, client.api) {
            case .read(let reply):
                let list = try client.api.readJobs(reply, at: page)
                jobs += list.items.filter { job in
                    (label == nil || job.label == label) && (state == nil || job.state == state)
                        && (job.created ?? job.started).map { $0 >= from } ?? true
                }
                cursor = list.next
                isCut = list.isCut && jobs.count < limit
            case .readKey(let status, let message):
                throw Refusal(lines: ["\(url) refuses the key (\(status)): \(message)"], code: 4)
            case .refused(let status, let message):
                throw Refusal("\(url) does not list its jobs (\(status)): \(message)")
            case .again(let reason, _), .doubtful(let reason), .nonsense(let reason):
                throw Refusal(lines: ["\(url) cannot be asked for its jobs: \(reason)"], code: 5)
            }
        }
        return (Array(jobs.prefix(limit)), isCut)
    }

    private func text(_ jobs: [Job]) -> String {
        if json { return jobs.map { Self.object($0).jsonText + "\n" }.joined() }
        guard !jobs.isEmpty else { return "No jobs.\n" }
        let rows = jobs.map { job in
            let begun = job.started ?? job.created
            let end = job.finished ?? (job.state.isFinal ? nil : Timestamp.now)
            let took = begun.flatMap { begun in end.map { max(.zero, $0 - begun).short } }
            return [
                job.id.text, job.stateName, (job.created ?? job.started)?.localDate ?? "", took ?? "", job.label ?? "",
            ]
        }
        return TextTable(head: ["JOB", "STATE", "CREATED", "TOOK", "WORKFLOW"], rows: rows).text(.of(STDOUT_FILENO))
    }

    private static func object(_ job: Job) -> JSON {
        .record([
            "job_id": .string(job.id.text), "label": job.label.map { .string($0) },
            "state": .string(job.state.rawValue),
            "server_state": .string(job.stateName), "created": job.created.map { .string($0.iso8601) },
            "started": job.started.map { .string($0.iso8601) }, "finished": job.finished.map { .string($0.iso8601) },
            "message": job.message.map { .string($0) },
        ])
    }
}
