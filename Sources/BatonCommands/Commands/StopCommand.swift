import ArgumentParser

/// `baton stop`: leaves a live run where it is.
struct StopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract:
            "Leaves a live run where it is: the script is not told, jobs go on, and baton resume takes it up again.")

    @OptionGroup var argument: RunArgument

    func run() async throws {
        throw ExitCode(
            await telling {
                let desk = try RunDesk.open()
                return try await desk.tell("stop", desk.find(argument.run), "is left where it is")
            })
    }
}
