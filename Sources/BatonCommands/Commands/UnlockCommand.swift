import ArgumentParser
import BatonHost
import Journal
import Orchestration

/// `baton unlock`: gives back what a block of a run holds that is over.
struct UnlockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unlock",
        abstract: "Gives a lock back that a run has left because jobs may still run which it started under it.",
        discussion: """
            It is given back by itself when somebody wants it and the server says that the jobs have ended. A run that can still be resumed keeps \
            what it holds: resume it, or give it up with baton abandon.
            """)

    @Argument(help: "The name of the lock or pool.")
    var name: String

    @Argument(help: "The run: its id, or its script's name.", completion: ShellCompletion.run)
    var run: String

    func run() async throws {
        throw ExitCode(
            await telling {
                let desk = try RunDesk.open()
                let row = try desk.find(run)
                let rows = try desk.journal.locks(of: row.id).filter { $0.request.name == name }
                guard rows.contains(where: { $0.state == .left }) else { throw refusal(row, rows) }
                let jobs = try rows.filter { $0.state == .left }.flatMap { try desk.journal.attempts(in: $0) }
                let given = try desk.journal.unlock(name, of: row.id, by: RunDesk.person)
                Output.standard.write(
                    given.map { "\($0.request.title) is given back\($0.request.place.map { " (\($0))" } ?? "").\n" }
                        .joined() + jobs.map { "  \($0.left)".visible + "\n" }.joined())
                return 0
            })
    }

    private func refusal(_ row: RunRow, _ rows: [LockRow]) -> Refusal {
        guard rows.contains(where: { $0.state == .held }) else {
            return Refusal("Run \(row.id) does not hold \"\(name)\": baton locks lists who does.")
        }
        var advice = Advice("resume it, cancel it, or give it up:")
        advice.commands = ["resume", "cancel", "abandon"].map { "baton \($0) \(row.id)" }
        return Refusal(
            lines: ["Run \(row.id) goes on in the block that holds \"\(name)\", or can be resumed there."]
                + Advice.lines([advice], width: 200), code: 1)
    }
}
