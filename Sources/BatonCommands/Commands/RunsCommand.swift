import ArgumentParser
import BatonHost
import DataStudio
import JSON
import Journal
import Orchestration

/// `baton runs`: the history.
struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "Lists runs, the newest first.")

    @Option(help: ArgumentHelp("Runs that began no longer ago than that, as 2d.", valueName: "duration"))
    var since: String?

    @Option(
        help: ArgumentHelp(
            "Runs that are running, interrupted, held, abandoned, or ended as succeeded, skipped, failed, check, timeout, cancelled.",
            valueName: "state"))
    var state: String?

    @Option(help: ArgumentHelp("Runs of this script, by name or path.", valueName: "script"))
    var script: String?

    @Option(help: ArgumentHelp("How many at most.", valueName: "number"))
    var limit = 50

    @Flag(help: "Print one JSON object for each run.")
    var json = false

    func validate() throws {
        if let since, Duration(text: since) == nil {
            throw ValidationError("--since takes a duration such as 2d; got \"\(since)\".")
        }
        if let state, !RunList.states.contains(state) {
            throw ValidationError(
                "There is no state \"\(state)\"\(Spelling.suggestion(for: state, among: RunList.states)). "
                    + "States: \(RunList.states.joined(separator: ", ")).")
        }
        guard limit > 0 else { throw ValidationError("--limit takes a number from 1 on.") }
    }

    func run() async throws {
        throw ExitCode(
            await telling(json: json) {
                guard let desk = try RunDesk.openIfThere() else {
                    if !json { Output.standard.write(RunList(rows: []).table(at: .now, .of(1))) }
                    return 0
                }
                let from = since.flatMap { Duration(text: $0) }.map { Timestamp.now + (.zero - $0) }
                let rows = try desk.journal.runs(since: from, script: script).lazy
                    .map { ($0, desk.state(of: $0)) }.filter { state == nil || $0.1 == state }.prefix(limit)
                let list = RunList(rows: Array(rows))
                Output.standard.write(json ? list.json : list.table(at: .now, Terminal.of(1)))
                return 0
            })
    }
}
