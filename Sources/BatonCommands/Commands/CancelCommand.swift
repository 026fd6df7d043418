import ArgumentParser

/// `baton cancel`: ends a live run and cancels its jobs.
struct CancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Ends a live run: the script is stopped, and its jobs are cancelled where the server can.")

    @OptionGroup var argument: RunArgument

    func run() async throws {
        throw ExitCode(await telling { try await RunDesk.open().tell("cancel", argument.run, "is being cancelled") })
    }
}
