public import ArgumentParser

/// `baton`: the subcommands and what they have in common.
public struct BatonCommand: AsyncParsableCommand {
    /// The command's name and help.
    public static let configuration = CommandConfiguration(
        commandName: "baton",
        abstract: "Runs Lua scripts that chain the workflows of Aperture Data Studio.",
        discussion: """
            A script says what follows what: execute "wf1", then parallel { "wf2", "wf3" }. Baton does the rest.
            Try it without a server:  baton run --simulate scripts/examples/nightly.lua
            """,
        version: "0.1.0",
        subcommands: [
            RunCommand.self, CheckCommand.self, PlanCommand.self, TestCommand.self, ReplayCommand.self,
            ReplCommand.self,
            ExecuteCommand.self, PhasesCommand.self,
            RunsCommand.self,
            ShowCommand.self,
            WatchCommand.self,
            ResumeCommand.self, RetryCommand.self, ResolveCommand.self, StopCommand.self, CancelCommand.self,
            AbandonCommand.self, PruneCommand.self, JobsCommand.self, DoctorCommand.self, ConfigCommand.self,
            SimulateCommand.self, InitCommand.self, TypesCommand.self, ManualCommand.self,
        ]
    )

    /// Runs the process's own command line and ends the process with its exit code.
    public static func start() async {
        StandardStreams.open()
        await main()
    }

    /// Made by the argument parser.
    public init() {}
}
