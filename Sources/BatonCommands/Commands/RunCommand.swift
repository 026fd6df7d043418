import ArgumentParser

/// `baton run`: runs a script.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs a script.",
        discussion: """
            Exit codes: 0 success; 1 a job failed, was cancelled or refused, or the script raised; 3 only checks failed; \
            4 the key was refused; 5 the server could not be reached; 6 another run is in progress; 7 out of time; \
            8 a person must look: a start in doubt, a possible duplicate start, or an earlier run whose process died \
            three times; 9 the journal cannot be trusted; 64 wrong usage, configuration or script, nothing was started; \
            71 too few open files are allowed; 74 standard output could not be written; 129, 130, 143 a signal.
            """
    )

    @Argument(help: "The script; - reads it from standard input.", completion: .file(extensions: ["lua"]))
    var script: String

    @Argument(help: "What the script gets as ... and arg. What begins with - follows --.")
    var arguments: [String] = []

    @OptionGroup var options: RunOptions

    func run() async throws {
        let file: ScriptFile
        do {
            file = try ScriptFile(script)
        } catch {
            error.tell(json: options.output.json)
            throw ExitCode(64)
        }
        let run = ScriptRun(
            name: file.name, path: file.path, text: file.text, arguments: arguments, directory: file.directory,
            options: options)
        throw ExitCode(await run.run())
    }
}
