import ArgumentParser
import BatonHost
import Journal
import Orchestration

/// `baton cancel`: ends a run that has not ended, and cancels its jobs.
struct CancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Ends a run: the script is stopped, and its jobs are cancelled where the server can.",
        discussion: """
            What the script has given to finally(fn) still runs, for 30 minutes at most. With --no-finally it does not, \
            and what runs of it is cancelled.
            """)

    @OptionGroup var argument: RunArgument

    @Flag(help: "Do not run what the script has given to finally, and cancel what runs of it.")
    var noFinally = false

    func run() async throws {
        throw ExitCode(
            await telling {
                let desk = try RunDesk.open()
                let row = try desk.find(argument.run)
                let how = noFinally ? RunRequest.withoutFinally : ""
                guard row.fate == .open, !desk.opening.isLive(row), try !desk.isSession(row) else {
                    return try await desk.tell("cancel", row, "is being cancelled", argument: how)
                }
                return try await cancelInterrupted(row, desk, how)
            })
    }

    /// What it has at its end still has to run, and its jobs are cancelled: it is resumed for that, and starts nothing else.
    private func cancelInterrupted(_ row: RunRow, _ desk: RunDesk, _ how: String) async throws -> Int32 {
        try desk.journal.send("cancel", how, to: row.id, by: RunDesk.person, at: .now)
        let code = try await RunContinuation(desk, try OutputOptions.parse([])).resume(row)
        return try desk.find(row.id).status == .cancelled ? 0 : code
    }
}
