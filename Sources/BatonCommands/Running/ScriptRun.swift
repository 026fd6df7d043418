import BatonHost
import DataStudio
import Foundation
import JSON
import Journal
import Logging
import Orchestration
import SimulatedStudio
import StudioServer

/// One run of a script, from its text to the exit code.
struct ScriptRun {
    /// What messages call the script.
    let name: String
    /// Where it lies; what began it if it is no file.
    let path: String
    let text: String
    let arguments: [String]
    /// Where the configuration is looked for first.
    let directory: String
    let options: RunOptions

    private let renderer: any RunRenderer
    private let logger: Logger

    init(name: String, path: String, text: String, arguments: [String], directory: String, options: RunOptions) {
        self.name = name
        self.path = path
        self.text = text
        self.arguments = arguments
        self.directory = directory
        self.options = options
        let renderer: any RunRenderer = options.json ? JSONRenderer() : TextRenderer(terminal: .current)
        self.renderer = renderer
        logger = Logger(label: "baton") { _ in RendererLogHandler(renderer: renderer, logLevel: options.logLevel.level)
        }
    }

    /// Runs it. Whatever goes wrong has been told when this returns the exit code.
    func run() async -> Int32 {
        await telling(json: options.json, starts: true) {
            try ScriptFile.check(text, name: name)
            if options.isSimulated { return try await runSimulated() }
            let configuration = try configuration()
            let folder = configuration.journal ?? BatonConfiguration.usualJournal(ProcessInfo.processInfo.environment)
            return try await run(with: configuration, in: JournalFolder(folder))
        }
    }

    private func configuration() throws -> BatonConfiguration {
        let loader = ConfigurationLoader(environment: ProcessInfo.processInfo.environment, directory: directory)
        let configuration = try loader.load(server: options.server)
        guard configuration.server != nil else {
            throw Refusal.noServer
        }
        return configuration
    }

    // MARK: Simulation

    private func runSimulated() async throws -> Int32 {
        let scenario = try ScenarioFile.read(options.scenario)
        let loader = ConfigurationLoader(environment: ProcessInfo.processInfo.environment, directory: directory)
        let settings = (try? loader.load()) ?? BatonConfiguration()
        return try await StudioServer.withServer(
            scenario: scenario.scenario, description: scenario.description, document: scenario.document
        ) { server in
            var simulated = ServerConfiguration(
                url: server.baseURL, environment: scenario.scenario.environment, key: .simulated(scenario.scenario.key),
                api: scenario.description)
            // The servers of the configuration are simulated too: all of them by this one.
            var servers = settings.servers.mapValues { real in
                simulated.space = real.space
                simulated.maxParallel = real.maxParallel
                return simulated
            }
            simulated.space = nil
            simulated.maxParallel = nil
            servers["simulated"] = settings.server.flatMap { servers[$0] } ?? simulated
            // A server that ends with the run leaves nothing to go on with: neither does its journal.
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("baton-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: folder) }
            let code = try await run(
                with: BatonConfiguration(
                    servers: servers, server: "simulated", patience: settings.patience,
                    scriptLimits: settings.scriptLimits), in: JournalFolder(folder.path), identity: "simulated")
            if let path = options.simulatorLog { writeLog(of: server, to: path) }
            return code
        }
    }

    /// The run is over: a log that cannot be written changes nothing of its result.
    private func writeLog(of server: StudioServer, to path: String) {
        let lines = server.log.map(\.json) + server.jobLog()
        let text = lines.map { $0.jsonText + "\n" }.joined()
        do {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            Output.errors.write("The simulator's log could not be written to \(path).\n")
        }
    }

    // MARK: Running

    /// - Parameters:
    ///   - folder: of the journal.
    ///   - identity: what tells the server apart; `nil`: as the configuration has it.
    private func run(
        with configuration: BatonConfiguration, in folder: JournalFolder, identity: String? = nil
    ) async throws -> Int32 {
        let session = RunSession(configuration: configuration, renderer: renderer, logger: logger)
        guard let server = configuration.server, let settings = configuration.servers[server] else { return 64 }
        let journal = try Journal(folder)
        if options.isSimulated { try journal.makeUndurable() }
        let place = identity ?? settings.identity
        var beginning = RunBeginning(script: name, text: text, seed: .random(in: .min ... .max))
        beginning.modules = try ModuleFinder(directory: directory).modules(of: text)
        beginning.arguments = arguments
        beginning.spaces = configuration.servers.mapValues(\.space)
        beginning.space = settings.space
        beginning.identities = configuration.servers.mapValues(\.identity)
        beginning.zone = TimeZone.current.identifier
        let line = options.lock.map { "lock \($0)" } ?? ([path, place] + arguments).joined(separator: "\u{1E}")
        let row = RunRow(
            id: "", line: line, key: options.key, path: path, script: name, textHash: Journal.hash(text),
            server: server, began: .now)
        var policy = options.policy
        policy.resumeWithin = configuration.resumeWithin
        switch try await RunOpening(journal).open(row, beginning, policy) {
        case .opened(let opened):
            do {
                return try await session.run(opened)
            } catch {
                // It was refused: nobody is to go on with what has not begun.
                if opened.log == nil {
                    try journal.abandon(opened.keeper.row.id, note: "it was refused before it began")
                }
                throw error
            }
        case .skipped(let live): return told("another run of this line is live\(live.map { ": \($0.id)" } ?? "")", 6)
        case .refused(let row):
            let which = row.map { ": \($0.id)" } ?? ""
            return told("a run of this line is in the way\(which); nothing was started", 1)
        case .known(let row): return session.report(row, journal)
        }
    }

    private func told(_ text: String, _ code: Int32) -> Int32 {
        renderer.note(text, code: code)
        return code
    }
}
