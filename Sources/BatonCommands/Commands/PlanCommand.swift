import ArgumentParser
import BatonHost
import DataStudio
import Foundation
import Orchestration

/// `baton plan`: what a script would do.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Walks through a script in no time: which steps, how long, when it ends.",
        discussion: """
            Every job succeeds and takes as long as it usually does by the journal. Nothing is started, and no server is \
            asked unless --online or --server says so; then it is asked, and not changed. Exit codes: 0 the script comes to its \
            end well, 1 it does not, 64 wrong usage or a script that a run would refuse.
            """)

    @Argument(help: "The script.", completion: .file(extensions: ["lua"]))
    var script: String

    @Argument(help: "What the script gets as ... and arg.")
    var arguments: [String] = []

    @Option(
        name: .customLong("param"),
        help: ArgumentHelp("A parameter of the script. May be repeated.", valueName: "name=value"))
    var parameters: [String] = []

    @Option(help: ArgumentHelp("Jobs of this workflow end FAILED. May be repeated.", valueName: "label"))
    var fail: [String] = []

    @Option(
        help: ArgumentHelp(
            "The most recent job of this workflow, of before the run, is in that state: QUEUED, RUNNING, COMPLETED, FAILED or CANCELLED. May be repeated.",
            valueName: "label=state"))
    var state: [String] = []

    @Option(
        help: ArgumentHelp(
            "This file is there, as file.stat and file.list see it; of no bytes unless a size is given. May be repeated.",
            valueName: "path=size"))
    var file: [String] = []

    @Option(help: ArgumentHelp("How long a job takes that the journal does not know.", valueName: "duration"))
    var assume = "1m"

    @Option(
        help: ArgumentHelp(
            "When the run begins, as 22:00 or \"2026-12-25 22:00\"; now unless given.", valueName: "time"))
    var at: String?

    @Option(
        help: ArgumentHelp("What the made-up server does, instead of this.", valueName: "file"),
        completion: .file(extensions: ["yaml"]))
    var scenario: String?

    @Flag(help: "Ask the configured server for its workflows, and for the jobs of the last two days.")
    var online = false

    @Option(
        help: ArgumentHelp(
            "Ask this server: a name in the configuration, or a URL (implies --online).", valueName: "name"),
        completion: ShellCompletion.server)
    var server: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    @Option(
        help: ArgumentHelp("Write the plan as a page for browsers there.", valueName: "file"),
        completion: .file(extensions: ["html"]))
    var html: String?

    func validate() throws {
        guard Duration(text: assume) != nil else {
            throw ValidationError("--assume takes a duration such as 10m; got \"\(assume)\".")
        }
        if let at, Timestamp(localTime: at) == nil {
            throw ValidationError("--at takes a time such as 22:00 or \"2026-12-25 22:00\"; got \"\(at)\".")
        }
        _ = try states
        _ = try files
        _ = try parameterValues
    }

    /// What `--state` gave.
    var states: [String: JobState] {
        get throws {
            try NamedValue.values(state, of: "--state").mapValues { word in
                guard let state = JobState(rawValue: word.uppercased()) else {
                    throw ValidationError("--state: there is no state \"\(word)\".")
                }
                return state
            }
        }
    }

    /// What `--file` gave: sizes in bytes, by path.
    var files: [String: Int64] {
        get throws {
            var files: [String: Int64] = [:]
            for text in file {
                let sign = text.lastIndex(of: "=")
                let path = sign.map { String(text[..<$0]) } ?? text
                guard path.hasPrefix("/"), let size = sign.map({ Int64(text[$0...].dropFirst()) }) ?? 0, size >= 0
                else {
                    throw ValidationError(
                        "--file takes a path from the root on, and a size in bytes, as /in/day.csv=1000; got \"\(text)\"."
                    )
                }
                files[path] = size
            }
            return files
        }
    }

    /// What `--param` gave.
    var parameterValues: [String: String] { get throws { try NamedValue.values(parameters, of: "--param") } }

    func run() async throws {
        throw ExitCode(await telling(json: json) { try await Planning(command: self).run() })
    }
}
