import ArgumentParser
import BatonHost
import DataStudio
import Foundation
import Journal
import Orchestration

/// `baton cancel`: ends a run that has not ended, and cancels its jobs.
struct CancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract:
            "Ends a run: the script is stopped, and its jobs are cancelled where the server can. Or cancels one job.",
        discussion: """
            What the script has given to finally(fn) still runs, for 30 minutes at most. With --no-finally it does not, \
            and what runs of it is cancelled.
            """)

    @OptionGroup var argument: RunArgument

    @Flag(help: "Do not run what the script has given to finally, and cancel what runs of it.")
    var noFinally = false

    @Option(
        help: ArgumentHelp(
            "Cancel this job of the server instead of a run, whoever started it.", valueName: "id"))
    var job: String?

    @Option(
        help: ArgumentHelp("With --job: the server, a name in the configuration or a URL.", valueName: "name"),
        completion: ShellCompletion.server)
    var server: String?

    @Flag(help: "With --job: do not ask.")
    var yes = false

    func validate() throws {
        if job == nil, server != nil || yes { throw ValidationError("--server and --yes go with --job.") }
        if job != nil, argument.run != nil || noFinally { throw ValidationError("--job goes without a run.") }
        if job == "" { throw ValidationError("--job takes the id of a job, as baton jobs lists it.") }
    }

    func run() async throws {
        throw ExitCode(
            await telling {
                if let job { return try await cancel(JobID(job)) }
                let desk = try RunDesk.open()
                let row = try desk.find(argument.run)
                let note = "\(RunDesk.person) cancelled it while it waited for its turn"
                if row.isWaiting, try desk.journal.close(waiting: row.id, .cancelled, note: note, at: .now) {
                    Output.standard.write("Run \(row.id) is given up: it had not begun.\n")
                    return 0
                }
                let how = noFinally ? RunRequest.withoutFinally : ""
                guard row.fate == .open, !desk.opening.isLive(row), try !desk.isSession(row) else {
                    return try await desk.tell("cancel", row, "is being cancelled", argument: how)
                }
                return try await cancelInterrupted(row, desk, how)
            })
    }

    private func cancel(_ job: JobID) async throws -> Int32 {
        let loader = ConfigurationLoader(
            environment: ProcessInfo.processInfo.environment, directory: FileManager.default.currentDirectoryPath)
        let configuration = try loader.load(server: server)
        let journal = try RunDesk.lookIfThere()?.journal
        return try await StudioClient.asking(configuration) { client in
            try await JobCancellation(client: client, journal: journal, isAgreed: yes).cancel(job)
        }
    }

    /// What it has at its end still has to run, and its jobs are cancelled: it is resumed for that, and starts nothing else.
    private func cancelInterrupted(_ row: RunRow, _ desk: RunDesk, _ how: String) async throws -> Int32 {
        try desk.journal.send("cancel", how, to: row.id, by: RunDesk.person, at: .now)
        let code = try await RunContinuation(desk, try OutputOptions.parse([])).resume(row)
        return try desk.find(row.id).status == .cancelled ? 0 : code
    }
}
