import BatonHost
import DataStudio
import Foundation
import Orchestration
import Rehearsal
import SimulatedStudio

/// What a script is rehearsed with: its modules, its configuration if there is one, and a made-up server.
struct RehearsalSetup {
    let file: ScriptFile
    /// `nil` if there is none that can be used: rehearsals need no server.
    let configuration: BatonConfiguration?

    /// - Throws: ``Refusal`` for a script that cannot be read.
    init(_ path: String) throws {
        file = try ScriptFile(path)
        configuration = try? ConfigurationLoader(
            environment: ProcessInfo.processInfo.environment, directory: file.directory
        ).load(isSimulated: true)
    }

    /// The night to be played.
    ///
    /// - Parameter zone: in which the script tells the time.
    /// - Throws: ``Refusal`` for what a run would refuse.
    func plan(
        _ scenario: ScenarioFile, parameters: [String: String], arguments: [String] = [], zone: String
    ) throws -> RehearsalPlan {
        var beginning = RunBeginning(script: file.name, text: file.text, seed: 1)
        beginning.run = "rehearsal"
        beginning.arguments = arguments
        beginning.parameters = parameters
        beginning.defaults = configuration?.defaults ?? [:]
        beginning.zone = zone
        beginning.server = "simulated"
        let source = ScriptSource(file.text, name: file.name)
        // Without a configuration every server and secret is there that the script names.
        beginning.spaces = configuration?.servers.mapValues(\.space) ?? [:]
        beginning.space = configuration.flatMap { settings in settings.server.flatMap { settings.servers[$0]?.space } }
        var secrets = configuration?.secrets.keys.sorted() ?? []
        if configuration?.server == nil {
            for name in source.namedServers where beginning.spaces[name] == nil {
                beginning.spaces.updateValue(nil, forKey: name)
            }
            secrets = Set(secrets + source.namedSecrets).sorted()
        }
        beginning.spaces.updateValue(beginning.space, forKey: "simulated")
        try ScriptFile.check(
            &beginning, secrets: secrets, folders: [file.directory] + [configuration?.modules].compactMap { $0 })
        var plan = RehearsalPlan(
            RunConfiguration(beginning, limits: configuration?.scriptLimits ?? RunConfiguration.usualLimits),
            scenario.scenario.listing(source.namedLabels), scenario.description)
        if let configuration { plan.patience = configuration.patience }
        return plan
    }
}

extension RehearsedRun {
    /// Plays a night.
    ///
    /// - Throws: ``Refusal`` for a script that does not parse.
    static func of(_ plan: RehearsalPlan) throws(Refusal) -> RehearsedRun {
        do {
            return try Rehearsal.play(plan)
        } catch {
            throw Refusal("\(error)")
        }
    }

    /// The run as `show` reads it.
    func past(of plan: RehearsalPlan, path: String) throws -> RunPast {
        let beginning = plan.run.beginning
        var row = RunRow(
            id: "rehearsal", line: path, path: path, script: beginning.script, textHash: "", server: "simulated",
            began: began)
        if let end {
            row.fate = end.status.isInterruption ? .open : .ended
            row.status = end.status
        }
        return try RunPast(row, log)
    }

    /// The tree of its steps as they stood at the end.
    var tree: RunTree {
        var tree = RunTree()
        for (at, event) in events { tree.apply(event, at: at) }
        return tree
    }
}
