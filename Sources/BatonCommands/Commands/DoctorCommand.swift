import ArgumentParser
import BatonHost
import DataStudio
import Foundation
import Glibc

/// `baton doctor`: what is right, what is not, what to do.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Checks configuration, server and key, and derives the server's API description.",
        discussion: """
            It looks for the server's OpenAPI document, recognises the operations Baton needs, and tries those that change \
            nothing. It never sends a request that changes something. Exit codes: 0 everything is right, 1 something is \
            not, 64 wrong usage or configuration.
            """
    )

    @Option(
        help: ArgumentHelp("The server to look at: a name in the configuration, or a URL.", valueName: "name"),
        completion: ShellCompletion.server)
    var server: String?

    @Option(
        help: ArgumentHelp(
            "Write the API description there; name it as `api` in the configuration.", valueName: "file"),
        completion: .file(extensions: ["yaml"]))
    var write: String?

    @Option(
        help: ArgumentHelp(
            "Of operations that are equally good, take this one, as 'executeWorkflow=POST /workflows/execute'. May be repeated.",
            valueName: "choice"))
    var pick: [String] = []

    @Option(
        help: ArgumentHelp("Where the server's OpenAPI document is, if doctor does not find it.", valueName: "path"))
    var document: String?

    func validate() throws {
        for text in pick where APIDerivation.Pick(text) == nil {
            throw ValidationError(
                "--pick '\(text)': an operation, its method and its path were expected, as 'executeWorkflow=POST /workflows/execute'."
            )
        }
        if let document, !document.hasPrefix("/") {
            throw ValidationError("--document takes a path on the server, as /api/docs/openapi.json.")
        }
    }

    func run() async throws {
        let examination = DoctorExamination(command: self, terminal: .of(STDOUT_FILENO))
        throw ExitCode(await examination.run())
    }
}
