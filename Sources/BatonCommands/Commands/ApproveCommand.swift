import ArgumentParser
import BatonHost
import DataStudio
import Journal
import Orchestration

/// `baton approve`: a person decides what a script waits for.
struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Approves what a run waits for with approve(text), or rejects it.",
        discussion: """
            STEP is the step's number in baton show, or its text; it can be left out where one step waits. A run that is \
            interrupted comes to it when it is resumed. What has been decided once stays decided.
            """)

    @Argument(help: "The run: its id, or its script's name.", completion: ShellCompletion.run)
    var run: String

    @Argument(help: "The step.", completion: ShellCompletion.step)
    var step: String?

    @Flag(help: "Reject it: the script gets an error.")
    var reject = false

    @Option(help: ArgumentHelp("Why, for the script and for baton show.", valueName: "text"))
    var reason: String?

    private static let longestReason = 1000

    func validate() throws {
        if let reason, reason.utf8.count > Self.longestReason {
            throw ValidationError("--reason takes \(Self.longestReason) bytes at most.")
        }
    }

    func run() async throws {
        throw ExitCode(
            await telling {
                let desk = try RunDesk.open()
                return try await ApprovalDesk(desk: desk, row: desk.find(run)).decide(
                    step, isApproved: !reject, reason: reason)
            })
    }
}
