import ArgumentParser
import BatonHost
import DataStudio
import Journal
import Orchestration

/// `baton resolve`: a person says what became of a step in doubt.
struct ResolveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Says what became of a step of which Baton cannot know whether it was started.",
        discussion: "STEP is the step's number in baton show, or its label if that is unique there.")

    @Argument(help: "The run: its id, or its script's name.")
    var run: String

    @Argument(help: "The step.")
    var step: String

    @Option(help: ArgumentHelp("This job is the step's.", valueName: "job"))
    var adopt: String?

    @Flag(help: "It was not started, or its job is of no use: start it again.")
    var restart = false

    @Flag(help: "What it was to do is done: it counts as completed.")
    var done = false

    @Flag(help: "It failed: the script is told so.")
    var fail = false

    private var resolution: Resolution? {
        let all: [Resolution?] = [
            adopt.map { .adopt(JobID($0)) }, restart ? .restart : nil, done ? .done : nil, fail ? .fail : nil,
        ]
        let given = all.compactMap { $0 }
        return given.count == 1 ? given[0] : nil
    }

    func validate() throws {
        if resolution == nil { throw ValidationError("One of --adopt JOB, --restart, --done and --fail is needed.") }
    }

    func run() async throws {
        guard let resolution else { return }
        throw ExitCode(
            await telling {
                let desk = try RunDesk.open()
                let row = try desk.find(run)
                let past = try desk.past(of: row)
                let doubt = try past.doubt(step)
                let written: Bool? = try desk.opening.whileHeld(row) {
                    try desk.journal.append(
                        .resolved(resolution, by: RunDesk.person), key: doubt.step.key, attempt: doubt.attempt,
                        to: row.id, at: .now)
                    // The last doubt was what held it.
                    if past.doubts.count == 1 {
                        try desk.journal.note(row.id, status: .unreachable, note: "it was resolved")
                    }
                    return true
                }
                guard written == nil else {
                    Output.standard.write("Noted. To go on: baton resume \(row.id)\n")
                    return 0
                }
                try desk.journal.send(
                    "resolve", RunRequest.argument(doubt.step.key, resolution), to: row.id, by: RunDesk.person, at: .now
                )
                Output.standard.write("Run \(row.id) is live, and has been told.\n")
                return 0
            })
    }
}
