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
        discussion: """
            STEP is the step's number in baton show, or its label if that is unique there. The server is asked for the job \
            of --adopt. What was said can be said otherwise until the run goes on.
            """)

    @Argument(help: "The run: its id, or its script's name.", completion: ShellCompletion.run)
    var run: String

    @Argument(help: "The step.", completion: ShellCompletion.step)
    var step: String

    @Option(help: ArgumentHelp("This job is the step's.", valueName: "job"))
    var adopt: String?

    @Flag(help: "It was not started, or its job is of no use: start it again.")
    var restart = false

    @Flag(help: "What it was to do is done: it counts as completed.")
    var done = false

    @Flag(help: "It failed: the script is told so.")
    var fail = false

    private var said: [Resolution] {
        let all: [Resolution?] = [
            adopt.map { .adopt(JobIdentity(JobID($0), created: nil)) }, restart ? .restart : nil, done ? .done : nil,
            fail ? .fail : nil,
        ]
        return all.compactMap { $0 }
    }

    func validate() throws {
        guard said.count == 1 else {
            let only = said.isEmpty ? "One" : "Only one"
            throw ValidationError("\(only) of --adopt JOB, --restart, --done and --fail can be said of a step.")
        }
        if adopt?.isEmpty == true { throw ValidationError("--adopt takes the id of a job.") }
    }

    func run() async throws {
        guard let said = said.first else { return }
        throw ExitCode(
            await telling {
                let desk = try RunDesk.open()
                let row = try desk.find(run)
                // Of a live run nothing can be taken back.
                let isLive = desk.opening.isLive(row)
                let past = try isLive ? desk.past(of: row) : desk.undecided(of: row)
                let doubt = try past.doubt(step)
                var resolution = said
                if case .adopt(let job) = said {
                    resolution = .adopt(try await AdoptionCheck(desk: desk, row: row).job(job.id, for: doubt.step))
                }
                let before = try isLive ? nil : decision(before: doubt.step.key, desk.journal.log(of: row.id))
                let left = try desk.opening.whileHeld(row) {
                    try desk.journal.resolve(
                        doubt.step.key, attempt: doubt.attempt, resolution, by: RunDesk.person, of: row.id, at: .now)
                    let left = try desk.past(of: row).doubts
                    if left.isEmpty {
                        try desk.journal.note(row.id, status: .resolved, note: "nothing of it is in doubt any more")
                    }
                    return left
                }
                if adopt == nil, !doubt.candidates.isEmpty {
                    let others = doubt.candidates.words(joinedBy: ", ")
                    Output.standard.write("No start of the workflow leaves while one of these jobs runs: \(others)\n")
                }
                if let left {
                    let names = left.map { "\($0.step.number) (\($0.step.title))" }.joined(separator: ", ")
                    let replaced = before.map { " in the place of: \($0)" } ?? ""
                    Output.standard.write("Noted for \(doubt.step.title): \(Self.words(resolution))\(replaced).\n")
                    let resume = try desk.isSession(row) ? "baton repl" : "baton resume \(row.id)"
                    let advice =
                        left.isEmpty
                        ? Advice("To resume the run:", resume) : Advice("Still in doubt: \(names)")
                    Output.standard.write(advice.lines.map { $0 + "\n" }.joined())
                    return 0
                }
                try desk.journal.send(
                    "resolve", RunRequest.argument(doubt.step.key, resolution), to: row.id, by: RunDesk.person, at: .now
                )
                Output.standard.write("Run \(row.id) is live, and has been told.\n")
                return 0
            })
    }

    /// What was said of the step before, if nobody has gone on from that.
    private func decision(before key: String, _ log: [Record]) -> String? {
        for record in log.reversed() {
            guard case .resolved(let resolution, _) = record.body else { return nil }
            if record.key == key { return Self.words(resolution) }
        }
        return nil
    }

    private static func words(_ resolution: Resolution) -> String {
        if case .adopt(let job) = resolution { "job \(job.id) is its own" } else { resolution.word }
    }
}
