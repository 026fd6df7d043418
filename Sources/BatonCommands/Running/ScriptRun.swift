import BatonHost
import DataStudio
import Foundation
import JSON
import Logging
import LuaVM
import Orchestration
import SimulatedStudio
import StudioServer

/// One run of a script, from its text to the exit code.
struct ScriptRun {
    /// What messages call the script.
    let name: String
    let text: String
    let arguments: [String]
    /// Where the configuration is looked for first.
    let directory: String
    let options: RunOptions

    private let renderer: any RunRenderer
    private let logger: Logger

    init(name: String, text: String, arguments: [String], directory: String, options: RunOptions) {
        self.name = name
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
        do {
            try checkScript()
            if options.isSimulated { return try await runSimulated() }
            return try await run(with: try configuration())
        } catch {
            let refusal =
                switch error {
                case let refusal as Refusal: refusal
                case let error as ConfigurationError: Refusal(lines: error.problems)
                default: Refusal("\(error)")
                }
            refusal.tell(json: options.json)
            return 64
        }
    }

    private func checkScript() throws {
        do {
            _ = try LuaVM().load(text, name: name)
        } catch {
            throw Refusal("\(error)")
        }
        let findings = Preflight.findings(in: text, name: name)
        guard findings.isEmpty else { throw Refusal(lines: findings) }
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
            let code = try await run(
                with: BatonConfiguration(
                    servers: servers, server: "simulated", patience: settings.patience,
                    scriptLimits: settings.scriptLimits))
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

    private func run(with configuration: BatonConfiguration) async throws -> Int32 {
        guard let server = configuration.server else { return 64 }
        var clients: [String: StudioClient] = [:]
        var unusable: [String: String] = [:]
        for (name, settings) in configuration.servers {
            do throws(ConfigurationError) {
                clients[name] = try await StudioClient.open(
                    settings, patience: configuration.patience, logger: logger)
            } catch {
                unusable[name] = "\(error)"
            }
        }
        let result: Result<Int32, any Error>
        do {
            // A script that never uses another server that is badly configured runs all the same.
            if let problem = unusable[server] { throw Refusal(problem) }
            result = .success(try await run(with: configuration, server: server, clients, unusable))
        } catch {
            result = .failure(error)
        }
        for client in clients.values { await client.shutdown() }
        return try result.get()
    }

    private func run(
        with configuration: BatonConfiguration, server: String, _ clients: [String: StudioClient],
        _ unusable: [String: String]
    ) async throws -> Int32 {
        let machine = try RunMachine(
            RunConfiguration(
                scriptName: name, scriptText: text, arguments: arguments, seed: .random(in: .min ... .max),
                spaces: configuration.servers.mapValues(\.space), space: configuration.servers[server]?.space,
                limits: configuration.scriptLimits),
            at: Timestamp.now)
        let signals = Signals()
        defer { withExtendedLifetime(signals) {} }
        let received = signals.received
        var live = LiveRun(
            clients: clients, unusable: unusable, server: server, patience: configuration.patience, logger: logger,
            report: { renderer.receive($0, at: Timestamp.now) })
        let detach = live.detacher
        return await withTaskGroup(of: Void.self) { group in
            group.addTask { for await signal in received { detach(signal) } }
            group.addTask {
                while renderer.isLive, (try? await Task.sleep(for: .milliseconds(100))) != nil { renderer.redraw() }
            }
            let end = await live.run(machine)
            group.cancelAll()
            return end.exitCode
        }
    }
}
