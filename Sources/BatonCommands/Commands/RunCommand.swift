import ArgumentParser
import Foundation

/// `baton run`: runs a script.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs a script.",
        discussion: """
            Exit codes: 0 success; 1 a job failed, was cancelled or refused, or the script raised; 3 only checks failed; \
            4 the key was refused; 5 the server could not be reached; 7 out of time; 8 it is not known whether a \
            workflow was started; 64 wrong usage, configuration or script, nothing was started; 129, 130, 143 a signal.
            """
    )

    @Argument(help: "The script.", completion: .file(extensions: ["lua"]))
    var script: String

    @Argument(help: "What the script gets as ... and arg. What begins with - follows --.")
    var arguments: [String] = []

    @OptionGroup var options: RunOptions

    func run() async throws {
        let text: String
        do {
            text = try String(contentsOfFile: script, encoding: .utf8)
        } catch {
            var isFolder: ObjCBool = false
            let isThere = FileManager.default.fileExists(atPath: script, isDirectory: &isFolder)
            let what = isFolder.boolValue ? "\(script) is a folder." : "The script \(script) cannot be read as text."
            Refusal(isThere ? what : "There is no script \(script).").tell(json: options.json)
            throw ExitCode(64)
        }
        let url = URL(fileURLWithPath: script)
        let run = ScriptRun(
            // A first line for the shell is a comment to Lua, as in the stock interpreter.
            name: url.lastPathComponent, path: url.standardizedFileURL.path,
            text: text.hasPrefix("#") ? "--" + text : text, arguments: arguments,
            directory: url.deletingLastPathComponent().path, options: options)
        throw ExitCode(await run.run())
    }
}
