import ArgumentParser
import BatonHost
import DataStudio
import Journal

/// `baton prune`: forgets old runs.
struct PruneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract:
            "Forgets runs that ended long ago. Runs that are not finished, and what is younger than they, are kept.")

    @Option(help: ArgumentHelp("How long ago, as 90d.", valueName: "duration"))
    var olderThan = "90d"

    private var age: Duration? { Duration(text: olderThan) }

    func validate() throws {
        if age == nil { throw ValidationError("--older-than takes a duration such as 90d; got \"\(olderThan)\".") }
    }

    func run() async throws {
        guard let age else { return }
        throw ExitCode(
            await telling {
                let count =
                    try RunDesk.openIfThere()?.journal.prune(before: Timestamp.now + (.zero - age), now: .now) ?? 0
                Output.standard.write("\(count) run\(count == 1 ? "" : "s") forgotten.\n")
                return 0
            })
    }
}
