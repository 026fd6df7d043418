import ArgumentParser
import DataStudio
import Journal
import Orchestration

/// `baton retry`: goes on with a run that failed.
struct RetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Goes on with a run that failed: the steps that ended it start again, all others keep their results.",
        discussion: """
            STEP is a step's number in baton show, or its label. Jobs that still run are waited for. What the script did \
            in answer to the failure does not count any more.
            """)

    @OptionGroup var argument: RunArgument

    @Option(help: ArgumentHelp("This step is done: it is not started again.", valueName: "step"))
    var done: [String] = []

    @Option(help: ArgumentHelp("This step has that job, which somebody else started.", valueName: "step=job"))
    var adopt: [String] = []

    @OptionGroup var script: CurrentScript

    @OptionGroup var output: OutputOptions

    private var adopted: [(step: String, job: JobID)] {
        get throws {
            try adopt.map { text in
                guard let sign = text.lastIndex(of: "="), sign != text.startIndex, text.last != "=" else {
                    throw ValidationError("--adopt takes STEP=JOB; got \"\(text)\".")
                }
                return (String(text[..<sign]), JobID(String(text[text.index(after: sign)...])))
            }
        }
    }

    func validate() throws { _ = try adopted }

    func run() async throws {
        let adopted = try adopted
        throw ExitCode(
            await telling(json: output.json) {
                let desk = try RunDesk.open()
                let row = try desk.find(argument.run)
                guard try !desk.isSession(row) else {
                    throw Refusal("Run \(row.id) is a session, which is not run again.")
                }
                guard row.fate == .ended else { throw refusal(row, desk) }
                guard row.status != .succeeded, row.status != .skipped else {
                    throw Refusal("Run \(row.id) cannot be retried: \(desk.standing(of: row)).")
                }
                return try await RunRetry(
                    desk: desk, row: row, output: output, done: done, adopted: adopted, script: script
                ).run()
            })
    }

    /// A run is retried once it has ended.
    private func refusal(_ row: RunRow, _ desk: RunDesk) -> Refusal {
        let advice =
            switch desk.state(of: row) {
            case "running": Advice("To follow it, or to end it:", "baton watch \(row.id)", "baton cancel \(row.id)")
            case "held": Advice("What it waits for is said by:", "baton show \(row.id)")
            case "abandoned": Advice("To begin anew, run its script.")
            default: Advice("To resume it:", "baton resume \(row.id)")
            }
        return Refusal("Run \(row.id) cannot be retried: \(desk.standing(of: row)).", advice)
    }
}
