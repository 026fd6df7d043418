import ArgumentParser
import BatonHost
import DataStudio
import Escaping
import Foundation
import JSON
import Journal
import Orchestration

/// `baton replay`: an edited script against a recorded run.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Holds an edited script against a recorded run: the same, or the first place where it departs.",
        discussion: """
            The script gets what the run got: its parameters, its time, what the server answered. Nothing is started, asked or \
            written down. Exit codes: 0 the script does what the run did, 1 it departs, 64 wrong usage or a script that a \
            run would refuse.
            """)

    @Argument(help: "The run: its id, or its script's name (the latest run of it).")
    var run: String

    @Argument(help: "The edited script.", completion: .file(extensions: ["lua"]))
    var script: String

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        throw ExitCode(
            await telling(json: json) {
                let desk = try RunDesk.look()
                let row = try desk.find(run)
                let log = try desk.journal.log(of: row.id)
                guard case .began(let beginning)? = log.first?.body, !beginning.isSession, beginning.canBeReplayed
                else {
                    throw Refusal("Run \(row.id) cannot be replayed: it is a session, or has done nothing yet.")
                }
                let edited = try Self.beginning(script, instead: beginning)
                var printed: [Bool: [String]] = [true: [], false: []]
                let zone = try RunZone(of: beginning)
                if let warning = zone.warning { Output.errors.write("warning: \(warning)\n") }
                let departure = try RunMachine.departure(
                    from: log, of: RunConfiguration(beginning, zone: zone.rules),
                    with: RunConfiguration(edited, zone: zone.rules)
                ) { isRecorded, event in
                    if case .print(let text) = event { printed[isRecorded]?.append(text) }
                }
                let report = ReplayReport(
                    departure, of: beginning.script, in: script.lastName, run: row.id,
                    began: row.began, count: log.count, recorded: printed[true] ?? [],
                    edited: printed[false] ?? [])
                Output.standard.write(
                    json
                        ? report.json.jsonText + "\n"
                        : report.lines(Terminal.of(1)).map { $0 + "\n" }.joined())
                return departure == nil ? 0 : 1
            })
    }

    /// What the run began with, with another text and its modules.
    private static func beginning(_ path: String, instead beginning: RunBeginning) throws -> RunBeginning {
        let file = try ScriptFile(path)
        // Its name stays the run's: scripts can ask for that.
        var edited = beginning
        edited.text = file.text
        let loader = ConfigurationLoader(environment: ProcessInfo.processInfo.environment, directory: file.directory)
        let modules = (try? loader.load(isSimulated: true))?.modules
        var names = ConfiguredNames()
        names.secrets = Set(beginning.secrets + ScriptSource(file.text, name: file.name).namedSecrets).sorted()
        var checked = edited
        checked.script = file.name
        try ScriptFile.check(
            &checked, names, folders: [file.directory] + [modules].compactMap { $0 }, isNew: false)
        edited.modules = checked.modules
        edited.secrets = checked.secrets
        return edited
    }
}
