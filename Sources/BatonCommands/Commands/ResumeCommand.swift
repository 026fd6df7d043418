import ArgumentParser
import BatonHost
import Journal
import Logging
import Orchestration

/// `baton resume`: goes on with an interrupted run.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Goes on with an interrupted run, or with all of them.",
        discussion: """
            The script goes through what it did before, without doing it again, and on from there. Jobs that still run \
            are waited for; a start of which nobody knows whether it happened is looked for on the server.
            """)

    @OptionGroup var argument: RunArgument

    @Flag(help: "Every run whose process died, or whose server was out of reach. For cron.")
    var all = false

    @Flag(help: "Print one JSON object for each event on standard output.")
    var json = false

    func validate() throws {
        if all, argument.run != nil { throw ValidationError("--all and a run exclude each other.") }
    }

    func run() async throws {
        throw ExitCode(
            await telling(json: json) {
                let desk = try RunDesk.open()
                if all { return try await resumeAll(desk) }
                let row = try desk.find(argument.run)
                guard row.fate == .open else {
                    let state = "Run \(row.id) is not interrupted: it is \(desk.state(of: row))."
                    let canRetry = row.fate == .ended && row.status != .succeeded
                    throw canRetry ? Refusal(state, "To try again: baton retry \(row.id)") : Refusal(state)
                }
                return try await RunContinuation(desk, json: json).resume(row)
            })
    }

    private func resumeAll(_ desk: RunDesk) async throws -> Int32 {
        let rows = try desk.journal.runs(fate: .open).filter { $0.goesOnUnasked && !desk.opening.isLive($0) }
        return await withTaskGroup(of: Int32.self) { group in
            for row in rows {
                group.addTask {
                    await telling(json: json) {
                        try await RunContinuation(desk, json: json, isAlone: false).resume(row)
                    }
                }
            }
            return await group.reduce(0) { RunEnd.graver($0, $1) }
        }
    }
}
