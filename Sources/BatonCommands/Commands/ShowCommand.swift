import ArgumentParser
import DataStudio
import JSON
import Journal
import Orchestration

/// `baton show`: one run.
struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows a run: its steps, what was said, what still runs on the server, and what to do.")

    @OptionGroup var argument: RunArgument

    @Argument(help: "Only this step: its number here, or its label.")
    var step: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        throw ExitCode(
            await telling(json: json) {
                let desk = try RunDesk.open()
                let row = try desk.find(argument.run)
                let past = try desk.past(of: row)
                let report = RunReport(
                    past: past, state: desk.state(of: row), open: try desk.journal.openAttempts(of: row.id),
                    deciders: try desk.deciders(of: past))
                if json {
                    Output.standard.write(report.json.jsonText + "\n")
                } else {
                    Output.standard.write(try report.lines(step, Terminal.of(1)).map { $0 + "\n" }.joined())
                }
                return 0
            })
    }
}
