import ArgumentParser
import BatonHost
import DataStudio
import Escaping
import Journal
import Orchestration

/// `baton watch`: the live tree of a run that another process holds.
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Shows the live tree of a run that another process holds, until it ends.")

    @OptionGroup var argument: RunArgument
    @Flag(inversion: .prefixedNo, help: "Exit with the code of the run, not 0.")
    var exitStatus = true

    func run() async throws {
        throw ExitCode(
            await telling {
                let desk = try RunDesk.look()
                let row = try await begun(desk.find(argument.run), desk)
                if row.isWaiting {
                    Output.standard.write(
                        "\(NeverBegun(row: try desk.described(row), state: desk.state(of: row)).text)\n")
                    return exitStatus ? try desk.exitCode(of: row) : 0
                }
                let past = try desk.past(of: row, isFollowed: true)
                var region = LiveRegion()
                while true {
                    let isLive = desk.opening.isLive(row)
                    try past.follow(try desk.journal.log(of: row.id, after: past.lastRecord))
                    let terminal = Terminal.of(1)
                    let limit = terminal.isLive && isLive ? max(3, terminal.rows - 1) : 200
                    let tree = isLive ? past.tree.waiting(try desk.journal.waits(of: row.id)) : past.tree
                    let lines = tree.lines(at: isLive ? .now : past.last, terminal: terminal, limit: limit)
                    if terminal.isLive {
                        Output.standard.write(region.show(lines), draws: true)
                    } else if !isLive {
                        Output.standard.write(lines.map { $0 + "\n" }.joined())
                    }
                    guard isLive else { break }
                    try await Task.sleep(for: .milliseconds(terminal.isLive ? 250 : 1000))
                }
                let now = try desk.find(row.id)
                let advice = Advice(
                    "Run \(row.id) is \(desk.state(of: now)). To see what it did:", "baton show \(row.id)")
                Output.standard.write(advice.lines.map { $0 + "\n" }.joined())
                return exitStatus ? try desk.exitCode(of: now) : 0
            })
    }

    /// Waits until a run has begun that waits for its turn.
    private func begun(_ row: RunRow, _ desk: RunDesk) async throws -> RunRow {
        guard row.isWaiting, let note = try desk.described(row).note else { return row }
        if desk.opening.isLive(row) { Output.errors.write("run \(row.id) \(note)".visible + "\n") }
        var row = row
        while try desk.opening.isLive(row) && desk.journal.log(of: row.id).isEmpty {
            try await Task.sleep(for: .milliseconds(250))
            row = try desk.find(row.id)
        }
        return row
    }
}
