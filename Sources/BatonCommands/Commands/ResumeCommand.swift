import ArgumentParser
import BatonHost
import DataStudio
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

            With --all, up to 8 runs are resumed at the same time, the oldest first; the others wait. Runs that are too old \
            for that are listed once (exit code 8).
            """)

    @OptionGroup var argument: RunArgument

    @Flag(
        help:
            "Resume every run whose process died, or whose server was out of reach, if its last record is younger than limits.resume_within. For cron."
    )
    var all = false

    @Option(
        help: ArgumentHelp(
            "With --all: how old the last record of a run may be, for example 10d, instead of limits.resume_within.",
            valueName: "duration"))
    var within: String?

    private var age: Duration? { within.flatMap { Duration(text: $0) } }

    @OptionGroup var script: CurrentScript

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if all, argument.run != nil { throw ValidationError("--all and a run exclude each other.") }
        if within != nil, !all { throw ValidationError("--within goes with --all.") }
        if let within, age ?? .zero <= .zero {
            throw ValidationError("--within takes a duration such as 10d; got \"\(within)\".")
        }
        if script.yes, !script.isWanted { throw ValidationError("--yes goes with --with-current-script.") }
        if all, script.isWanted { throw ValidationError("--all and --with-current-script exclude each other.") }
    }

    func run() async throws {
        throw ExitCode(
            await telling(json: output.json) {
                if all {
                    guard let desk = try RunDesk.openIfThere() else { return 0 }
                    return try await ResumeAll(desk: desk, output: output, within: age).run()
                }
                let desk = try RunDesk.open()
                let row = try desk.find(argument.run)
                guard row.fate == .open else {
                    // What cron has resumed in the meantime is no mistake of whoever pastes the command of a mail.
                    if row.status == .succeeded {
                        RunContinuation(desk, output).note("run \(row.id) has succeeded: nothing is left to do")
                        return 0
                    }
                    let state = "Run \(row.id) is not interrupted: \(desk.standing(of: row))."
                    let canRetry = row.fate == .ended && ![.succeeded, .skipped].contains(row.status)
                    throw canRetry ? Refusal(state, Advice("To retry it:", "baton retry \(row.id)")) : Refusal(state)
                }
                if try desk.isSession(row) { return try tell(ofSession: row, desk) }
                if script.isWanted {
                    guard !desk.opening.isLive(row) else {
                        throw Refusal.live(row)
                    }
                    return try await RunRetry(desk: desk, row: row, output: output, script: script).run()
                }
                let continuation = RunContinuation(desk, output)
                for doubt in row.status == .ambiguous ? try desk.past(of: row).doubts : [] {
                    continuation.note(
                        "nobody has said yet what became of \(doubt.step.title) (step \(doubt.step.number)): baton show "
                            + row.id)
                }
                return try await continuation.resume(row)
            })
    }

    /// A session is not run again: its jobs are named, and what takes them up.
    private func tell(ofSession row: RunRow, _ desk: RunDesk) throws -> Int32 {
        guard !desk.opening.isLive(row) else { throw Refusal("Run \(row.id) is a session, and live.") }
        let open = try desk.past(of: row).tree.rows.values.filter { !$0.state.isOver || $0.state == .ambiguous }
        var lines = ["Run \(row.id) is a session, which is not run again."]
        if open.isEmpty {
            lines.append("Nothing of it is open.")
        } else {
            lines.append("What it has begun and not seen the end of:")
            lines += ReplCommands.lines(of: open.sorted { $0.step.number < $1.step.number }).map { "  " + $0 }
            lines.append("baton repl takes it up, on the same server.")
        }
        Output.standard.write(lines.map { $0 + "\n" }.joined())
        return 0
    }
}
