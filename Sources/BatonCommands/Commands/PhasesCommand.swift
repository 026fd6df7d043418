import ArgumentParser
import Foundation

/// `baton phases`: the plan of the old script without writing one.
struct PhasesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "phases",
        abstract: "Runs phases of workflows one after the other, the workflows of a phase side by side.",
        usage: "baton phases 'wf1' 'wf2,wf3,wf4' 'wf5,wf6' 'wf7'",
        discussion: """
            Each argument is a phase; the labels in it are separated by commas (\\, is a comma in a label). A phase that \
            fails ends the run when the workflows beside it have ended. --print shows the script that is run.
            """
    )

    @Argument(help: "The phases.")
    var phases: [String]

    @Flag(help: "Print the Lua script instead of running it.")
    var print = false

    @OptionGroup var options: RunOptions

    private var plan: PhasePlan {
        get throws {
            do {
                return try PhasePlan(phases)
            } catch {
                throw ValidationError(error.message)
            }
        }
    }

    func validate() throws {
        _ = try plan
    }

    func run() async throws {
        let script = try plan.script
        guard !print else {
            Output.standard.write(script)
            return
        }
        let run = ScriptRun(
            name: "phases", path: "phases", text: script, arguments: phases,
            directory: FileManager.default.currentDirectoryPath,
            options: options)
        throw ExitCode(await run.run())
    }
}
