import BatonHost
import DataStudio
import Foundation
import Orchestration
import Rehearsal
import SimulatedStudio

/// What a script is rehearsed with: its modules, its configuration if there is one, and a made-up server. It is read and
/// checked once for any number of nights.
struct RehearsalSetup {
    let file: ScriptFile
    /// `nil` if there is none that can be used: rehearsals need no server.
    let configuration: BatonConfiguration?
    /// What every night begins with, and what it says of the parameters.
    private let beginning: RunBeginning
    private let source: ScriptSource

    /// - Throws: ``Refusal`` for a script that cannot be read, and for what a run would refuse.
    init(_ path: String) throws {
        file = try ScriptFile(path)
        configuration = try? ConfigurationLoader(
            environment: ProcessInfo.processInfo.environment, directory: file.directory
        ).load(isSimulated: true)
        var beginning = RunBeginning(script: file.name, text: file.text, seed: 1)
        beginning.run = "rehearsal"
        beginning.defaults = configuration?.defaults ?? [:]
        beginning.server = "simulated"
        beginning.spaces = configuration?.servers.mapValues(\.space) ?? [:]
        beginning.space = configuration.flatMap { settings in
            settings.server.flatMap { settings.servers[$0]?.space }
        }
        let named = ScriptSource(file.text, name: file.name)
        var names = configuration?.names ?? ConfiguredNames()
        // Without a configuration every server and secret is there that the script names.
        if configuration?.server == nil {
            for name in named.namedServers where beginning.spaces[name] == nil {
                beginning.spaces.updateValue(nil, forKey: name)
            }
            names.secrets = Set(names.secrets + named.namedSecrets).sorted()
            (names.approvers, names.targets) = (nil, nil)
        }
        beginning.spaces.updateValue(beginning.space, forKey: "simulated")
        source = try ScriptFile.check(
            &beginning, names, folders: [file.directory] + [configuration?.modules].compactMap { $0 }, isNew: false)
        if let configuration { try beginning.keepCalendars(of: configuration) }
        self.beginning = beginning
    }

    /// A night to be played.
    ///
    /// - Parameter zone: in which the script tells the time.
    /// - Throws: ``Refusal`` for parameters that a run would refuse.
    func plan(
        _ scenario: ScenarioFile, parameters: [String: String], arguments: [String] = [], zone: ZoneRules
    ) throws -> RehearsalPlan {
        let findings = source.parameterFindings(parameters)
        guard findings.isEmpty else { throw Refusal(lines: findings.map(\.description)) }
        var beginning = beginning
        beginning.arguments = arguments
        beginning.parameters = parameters
        beginning.zone = zone.name
        var plan = RehearsalPlan(
            RunConfiguration(
                beginning, limits: configuration?.scriptLimits ?? RunConfiguration.usualLimits,
                logLimit: configuration?.logLimit ?? LogLimit(), zone: zone),
            scenario.scenario.listing(source.namedLabels), scenario.description)
        if let configuration {
            plan.patience = configuration.patience
            plan.maxParallel = configuration.server.flatMap { configuration.servers[$0]?.maxParallel }
        }
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
