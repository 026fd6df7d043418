import ArgumentParser
import Journal

/// `baton cancel`: ends a live run and cancels its jobs.
struct CancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Ends a live run: the script is stopped, and its jobs are cancelled where the server can.",
        discussion: """
            What the script has given to finally(fn) still runs, for 30 minutes at most. With --no-finally it does not, \
            and what runs of it is cancelled.
            """)

    @OptionGroup var argument: RunArgument

    @Flag(help: "Do not run what the script has given to finally, and cancel what runs of it.")
    var noFinally = false

    func run() async throws {
        let how = noFinally ? RunRequest.withoutFinally : ""
        throw ExitCode(
            await telling {
                try await RunDesk.open().tell("cancel", argument.run, "is being cancelled", argument: how)
            })
    }
}
