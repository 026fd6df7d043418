import ArgumentParser
import Foundation
import Orchestration

/// `baton execute`: one workflow, without a script.
struct ExecuteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "execute",
        abstract: "Starts one workflow, waits until it ends, and checks it.",
        usage: "baton execute LABEL [--set name=value] [--option name=value]",
        discussion: """
            --option takes the options of a step, as --option min=2m --option retries=2. --print shows the script that is \
            run. Exit codes as of baton run.
            """
    )

    @Argument(help: "The workflow's external label.")
    var label: String

    @Option(help: ArgumentHelp("A parameter of the workflow. May be repeated.", valueName: "name=value"))
    var set: [String] = []

    @Option(help: ArgumentHelp("An option of the step. May be repeated.", valueName: "name=value"))
    var option: [String] = []

    @Flag(help: "Print the Lua script instead of running it.")
    var print = false

    @OptionGroup var options: RunOptions

    private var script: String {
        get throws {
            guard !label.isEmpty else { throw ValidationError("The label is empty.") }
            var fields = [LuaText.quoted(label)]
            let parameters = try set.map { try NamedValue($0, of: "--set") }
            if !parameters.isEmpty {
                let values = parameters.map { "[\(LuaText.quoted($0.name))] = \(LuaText.quoted($0.value))" }
                fields.append("params = { \(values.joined(separator: ", ")) }")
            }
            let options = try option.map { try NamedValue($0, of: "--option") }
            if let problem = StepDefaults.problem(in: Dictionary(options.map { ($0.name, $0.value) }) { $1 }) {
                throw ValidationError("--option: \(problem).")
            }
            fields += options.map { "\($0.name) = \(LuaText.literal($0.value))" }
            return "print(execute { \(fields.joined(separator: ", ")) })\n"
        }
    }

    func validate() throws { _ = try script }

    func run() async throws {
        let script = try script
        guard !print else {
            Output.standard.write(script)
            return
        }
        let run = ScriptRun(
            name: "execute", path: "execute", text: script, arguments: [label] + set + option,
            directory: FileManager.default.currentDirectoryPath, options: options)
        throw ExitCode(await run.run())
    }
}
