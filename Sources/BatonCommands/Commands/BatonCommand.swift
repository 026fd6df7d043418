public import ArgumentParser
import CAllocator
import Glibc
import LuaVM

/// `baton`: the subcommands and what they have in common.
public struct BatonCommand: AsyncParsableCommand {
    /// Of Baton.
    static let version = "0.1.0"

    /// The command's name and help.
    public static let configuration = CommandConfiguration(
        commandName: "baton",
        abstract: "Runs Lua scripts that chain the workflows of Aperture Data Studio.",
        discussion: """
            A script says what follows what: execute "wf1", then parallel { "wf2", "wf3" }. Baton does the rest.
            Try it without a server:  baton run --simulate scripts/examples/nightly.lua
            """,
        version:
            "\(version) (Lua \(LuaVM.luaVersion)\(LuaVM.luaHasFaults ? ", which can corrupt memory: see docs/lua.md" : ""))",
        subcommands: [
            RunCommand.self, CheckCommand.self, PlanCommand.self, TestCommand.self, ReplayCommand.self,
            ReplCommand.self,
            ExecuteCommand.self, PhasesCommand.self,
            RunsCommand.self,
            ShowCommand.self,
            WatchCommand.self,
            ResumeCommand.self, RetryCommand.self, ResolveCommand.self, StopCommand.self, CancelCommand.self,
            ApproveCommand.self, LocksCommand.self, UnlockCommand.self, AbandonCommand.self, PruneCommand.self,
            JobsCommand.self, DoctorCommand.self,
            ConfigCommand.self,
            NotifyCommand.self,
            SimulateCommand.self, InitCommand.self, TypesCommand.self, CompletionCommand.self, ManualCommand.self,
        ]
    )

    /// Runs the process's own command line and ends the process with its exit code.
    public static func start() async {
        baton_return_freed_memory()
        StandardStreams.prepare()
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            try refuseLoss()
        } catch {
            end(with: error)
        }
    }

    /// Ends the process as the argument parser does. It would write its messages, which repeat what was typed, as they are, and
    /// not notice that they are lost.
    private static func end(with error: any Error) -> Never {
        let code = exitCode(for: error)
        let text = error is ExitCode ? "" : fullMessage(for: error)
        if !text.isEmpty { (code == .success ? Output.standard : Output.errors).write(text + "\n") }
        guard code == .success, (try? refuseLoss()) == nil else { exit(withError: code) }
        exit(withError: ExitCode(lostOutput))
    }

    /// `EX_IOERR` of sysexits.h.
    private static let lostOutput: Int32 = 74

    /// What came to nothing but a part of its output did not come to a good end.
    private static func refuseLoss() throws {
        guard Output.loss != 0 else { return }
        // Whoever closes a pipe has seen enough, and knows.
        if Output.loss != EPIPE {
            Output.errors.write("Not all of the output could be written: \(String(cString: strerror(Output.loss)))\n")
        }
        throw ExitCode(lostOutput)
    }

    /// Made by the argument parser.
    public init() {}
}
