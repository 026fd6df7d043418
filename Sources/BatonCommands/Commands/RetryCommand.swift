import ArgumentParser
import BatonHost
import DataStudio
import Journal
import Orchestration

/// `baton retry`: goes on with a run that failed.
struct RetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Goes on with a run that failed: the steps that ended it start again, all others keep their results.",
        discussion: """
            STEP is a step's number in baton show, or its label. Jobs that still run are waited for. A question to a \
            server that failed is asked again, and a block whose time was up has it again. What the script did in \
            answer to the failure does not count any more. With --from, a step is done again with all that followed \
            it, also of a run that succeeded, was cancelled or interrupted.
            """)

    @OptionGroup var argument: RunArgument

    @Option(
        help: ArgumentHelp("Do this step again, and all that followed it. May be repeated.", valueName: "step"),
        completion: ShellCompletion.step)
    var from: [String] = []

    @Option(
        name: .customLong("param"),
        help: ArgumentHelp(
            "Retry with another value of a parameter. Steps count as long as the script requests the same.",
            valueName: "name=value"))
    var parameters: [String] = []

    @Flag(help: "Only say what would start, what is kept, and what is waited for. Nothing is written.")
    var dryRun = false

    @Option(
        help: ArgumentHelp("This step is done: it is not started again.", valueName: "step"),
        completion: ShellCompletion.step)
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

    /// What `--param` gave.
    private var parameterValues: [String: String] { get throws { try NamedValue.values(parameters, of: "--param") } }

    func validate() throws {
        _ = try adopted
        _ = try parameterValues
        if dryRun, output.cron { throw ValidationError("--dry-run and --cron exclude each other.") }
    }

    func run() async throws {
        let adopted = try adopted, parameters = try parameterValues
        throw ExitCode(
            await telling(json: output.json) {
                let desk = try dryRun ? RunDesk.look() : RunDesk.open()
                let row = try desk.find(argument.run)
                guard try !desk.isSession(row) else {
                    throw Refusal("Run \(row.id) is a session, which is not run again.")
                }
                guard row.fate == .ended || row.fate == .open && !from.isEmpty && !desk.opening.isLive(row) else {
                    throw refusal(row, desk)
                }
                guard ![.succeeded, .skipped].contains(row.status) || !from.isEmpty else {
                    throw Refusal(
                        "Run \(row.id) cannot be retried: \(desk.standing(of: row)).",
                        Advice(
                            "To do one of its steps again, and all that followed it:",
                            "baton retry \(row.id) --from STEP"))
                }
                var retry = RunRetry(desk: desk, row: row, output: output, script: script)
                (retry.from, retry.done, retry.adopted) = (from, done, adopted)
                (retry.parameters, retry.isDry) = (parameters, dryRun)
                return try await retry.run()
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
