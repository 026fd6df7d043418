import ArgumentParser
import Foundation

/// `baton repl`: scripts, line by line.
struct ReplCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repl",
        abstract: "Lua at a prompt, against a server.",
        discussion: """
            What is typed runs at once, and its values are shown. Ctrl-C ends a wait and leaves its jobs running; \
            :help lists the commands. Input that is no terminal is run without a prompt, up to the first line that fails; \
            the exit codes are then those of baton run.
            """)

    @Option(
        name: [.customShort("e"), .long],
        help: ArgumentHelp("Run this instead of what is typed. May be repeated.", valueName: "code"))
    var execute: [String] = []

    @OptionGroup var target: TargetOptions

    func run() async throws {
        let repl = Repl(texts: execute.isEmpty ? nil : execute)
        let run = ScriptRun(repl, directory: FileManager.default.currentDirectoryPath, target: target)
        throw ExitCode(await run.run())
    }
}
