import ArgumentParser
import BatonHost
import Journal
import Orchestration

/// `baton abandon`: gives an interrupted run up.
struct AbandonCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "abandon",
        abstract: "Gives an interrupted run up: nobody goes on with it. Its jobs that still run are listed.")

    @OptionGroup var argument: RunArgument

    func run() async throws {
        throw ExitCode(
            await telling {
                let desk = try RunDesk.open()
                let row = try desk.find(argument.run)
                guard row.fate == .open else {
                    throw Refusal("There is nothing to give up of run \(row.id): \(desk.standing(of: row)).")
                }
                let open = try desk.opening.whileHeld(row) {
                    try desk.journal.abandon(row.id, note: "\(RunDesk.person) gave it up")
                    return try desk.journal.openAttempts(of: row.id)
                }
                guard let open else { throw Refusal.live(row) }
                let locks = try desk.journal.locks(of: row.id).map { lock in
                    "\(lock.request.title) is \(try lock.words(desk.journal)); to give it back: \(lock.unlock)"
                }
                let lines = ["Run \(row.id) is given up."] + (open.map(\.left) + locks).map { "  " + $0.visible }
                Output.standard.write(lines.map { $0 + "\n" }.joined())
                await RunNotices(desk: desk, output: try OutputOptions.parse([])).abandon(row, by: RunDesk.person)
                return 0
            })
    }
}
