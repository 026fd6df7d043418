import BatonHost
import DataStudio
import Escaping
import Foundation
import JSON
import Journal
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
    let target: TargetOptions
    private let source: Source

    private enum Source {
        /// The script is there; how it is told of, and what earlier runs mean to it.
        case text(RunOptions)
        /// It is typed line by line.
        case repl(Repl)
    }

    private var options: RunOptions? { if case .text(let options) = source { options } else { nil } }
    private var repl: Repl? { if case .repl(let repl) = source { repl } else { nil } }

    /// A script that is there.
    init(
        name: String, path: String, text: String, arguments: [String], directory: String, options: RunOptions
    ) {
        self.name = name
        self.path = path
        self.text = text
        self.arguments = arguments
        self.directory = directory
        source = .text(options)
        target = options.target
    }

    /// A session: its script is typed line by line.
    init(_ repl: Repl, directory: String, target: TargetOptions) {
        name = "repl"
        path = directory + "/repl"
        text = ""
        arguments = []
        self.directory = directory
        self.target = target
        source = .repl(repl)
    }

    /// The journal says of it that it was refused.
    static let refusedNote = "it was refused before it began"

    /// Runs it. Whatever goes wrong has been told when this returns the exit code.
    func run() async -> Int32 {
        var configuration: BatonConfiguration?
        let isSimulated = target.isSimulated
        return await telling(json: options?.output.json == true, starts: true) { refusal, code in
            guard !isSimulated, let configuration else { return }
            let announcer = session(configuration).announcer(name, path: path)
            announcer?.refuse(refusal, code: code)
            await announcer?.finish()
        } _: {
            if isSimulated { return try await runSimulated() }
            let loader = ConfigurationLoader(environment: ProcessInfo.processInfo.environment, directory: directory)
            let loaded = try loader.load(server: target.server)
            configuration = loaded
            guard loaded.server != nil else { throw Refusal.noServer }
            let folder = loaded.journal ?? BatonConfiguration.usualJournal(ProcessInfo.processInfo.environment)
            return try await run(with: loaded, in: JournalFolder(folder))
        }
    }

    private func session(_ configuration: BatonConfiguration) -> RunSession {
        switch source {
        case .repl(let repl): return RunSession(configuration, repl)
        case .text(let options):
            var session = RunSession(configuration, options.output)
            session.runTimeout = options.runTimeout
            return session
        }
    }

    // MARK: Simulation

    private func runSimulated() async throws -> Int32 {
        let scenario = try ScenarioFile.read(target.scenario)
        let loader = ConfigurationLoader(environment: ProcessInfo.processInfo.environment, directory: directory)
        var settings = try loader.load(isSimulated: true)
        let replies = scenario.scenario.http
        return try await StudioServer.withServer(
            scenario: scenario.scenario.listing(ScriptSource(text, name: name).namedLabels),
            description: scenario.description, document: scenario.document
        ) { server in
            var simulated = ServerConfiguration(
                url: server.baseURL, environment: scenario.scenario.environment, key: .literal(scenario.scenario.key),
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
            settings.servers = servers
            settings.server = "simulated"
            settings.checksLabels = settings.checksLabels && scenario.scenario.others == nil
            settings.secrets = Dictionary(
                uniqueKeysWithValues: settings.secrets.keys.map { ($0, .literal("simulated-secret-\($0)")) })
            // A server that ends with the run leaves nothing to go on with: neither does its journal.
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("baton-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: folder) }
            let code = try await run(
                with: settings, in: JournalFolder(folder.path), identity: "simulated"
            ) { call in
                replies[call.url].map { HTTPReply(status: $0.status, headers: $0.headers, body: $0.body) }
            }
            if let path = target.simulatorLog { writeLog(of: server, to: path) }
            return code
        }
    }

    /// The run is over: a log that cannot be written changes nothing of its result.
    private func writeLog(of server: StudioServer, to path: String) {
        let lines = server.log.map(\.json) + server.jobLog()
        let text = lines.map { $0.jsonText + "\n" }.joined()
        do {
            try OutputFile.write(text, to: path)
        } catch {
            Output.errors.write("The simulator's log could not be written to \(path).\n")
        }
    }

    // MARK: Running

    /// - Parameters:
    ///   - folder: of the journal.
    ///   - identity: what tells the server apart; `nil`: as the configuration has it.
    ///   - replies: of a simulation: what other servers answer.
    private func run(
        with configuration: BatonConfiguration, in folder: JournalFolder, identity: String? = nil,
        replies: (@Sendable (HTTPCall) -> HTTPReply?)? = nil
    ) async throws -> Int32 {
        guard let server = configuration.server, let settings = configuration.servers[server] else { return 64 }
        var beginning = RunBeginning(script: name, text: text, seed: .random(in: .min ... .max))
        beginning.arguments = arguments
        beginning.date = options?.date
        beginning.parameters = try target.parameterValues
        beginning.isSession = repl != nil
        beginning.defaults = configuration.defaults
        beginning.server = server
        beginning.spaces = configuration.servers.mapValues(\.space)
        beginning.space = settings.space
        beginning.identities = configuration.servers.mapValues(\.identity)
        let zone = try RunZone.own()
        (beginning.zone, beginning.zoneData) = (zone.name, zone.version)
        let folders = [directory] + [configuration.modules].compactMap { $0 }
        var names = configuration.names
        if target.isSimulated { (names.approvers, names.targets) = (nil, nil) }
        try ScriptFile.check(&beginning, names, folders: folders, isNew: repl == nil)
        try beginning.keepCalendars(of: configuration)
        var session = session(configuration)
        session.replies = replies
        // Nobody knows what will be typed.
        if repl != nil { beginning.secrets = configuration.secrets.keys.sorted() }
        let renderer = session.renderer
        try JournalOwner.become(of: folder)
        let journal = try Journal(folder, patience: BusyPatience { renderer.warn($0) })
        if target.isSimulated { try journal.makeUndurable() }
        let place = identity ?? settings.identity
        if repl?.renderer.isInteractive == true,
            let opened = try await SessionsLeft(journal, server: server, place: place).takeUp(beginning)
        {
            return try await session.run(opened)
        }
        for (name, server) in configuration.servers {
            beginning.newest[name] = try journal.profile(of: server.identity).newest
        }
        let parameters = beginning.parameters.sorted { $0.key < $1.key }.map { "--param \($0.key)=\($0.value)" }
        let line =
            options?.lock.map { "lock \($0)" }
            ?? ([repl == nil ? path : "session \(UUID())", place] + arguments + parameters).joined(separator: "\u{1E}")
        // A day's run is done once: by the day on which it is begun.
        let day = options?.date ?? String(Timestamp.now.localTime.prefix(10))
        let key = options?.key?.replacing(bytes: "{date}", with: day)
        let row = RunRow(
            id: "", line: line, key: key, path: path, script: name, textHash: Journal.hash(text),
            server: server, began: .now)
        var policy = options?.policy ?? NightPolicy()
        policy.key = key
        policy.resumeWithin = configuration.resumeWithin
        var opening = try await open(row, beginning, policy, journal)
        while let next = opening.next {
            await runFirst(&opening, session)
            opening =
                Signals.taken == nil
                ? try await open(row, beginning, policy, journal, next: next) : .interrupted(next.row)
        }
        switch opening {
        case .opened(let opened):
            do {
                return try await session.run(opened)
            } catch {
                // It was refused: nobody is to go on with what has not begun.
                if opened.log == nil {
                    try journal.abandon(opened.keeper.row.id, note: Self.refusedNote)
                }
                throw error
            }
        case .skipped(let live):
            guard let live else { return told("another run is in progress: nothing was started", 6, session) }
            session.renderer.note(
                "run \(live.id) of \(live.script) is in progress: nothing was started.",
                Advice("To follow it:", "baton watch \(live.id)"), code: 6)
            return 6
        case .refused(let row):
            let which = row.map { "run \($0.id) of \($0.script)" } ?? "another run"
            let text = "\(which) has not ended: nothing was started"
            let announcer = target.isSimulated ? nil : session.announcer(name, path: path)
            announcer?.refuse(Refusal(text), code: 1)
            await announcer?.finish()
            return told(text, 1, session)
        case .outOfTime(let live):
            let which = live.map { "Run \($0.id) of \($0.script)" } ?? "Another run"
            let time = options?.runTimeout.map { " within \($0.short)" } ?? ""
            throw Refusal(lines: ["\(which) has not ended\(time) (--timeout): nothing was started."], code: 7)
        case .known(let row): return try session.report(row, journal)
        case .held(let row):
            throw Refusal(heldByDeaths: row, folder: CommandPlace.folder(of: row, in: journal.folder))
        case .closed(let row):
            return told("run \(row.id) was not begun: \(row.note ?? "")", row.status == .cancelled ? 1 : 6, session)
        case .interrupted(let row): throw try interrupted(row, journal)
        }
    }

    /// Runs what goes on before the run of this call. Afterwards nothing holds its locks any more.
    private func runFirst(_ opening: inout RunOpening.Outcome, _ session: RunSession) async {
        guard case .opened(let earlier) = opening else { return }
        opening = .interrupted(nil)
        _ = await telling(json: options?.output.json == true) { try await session.run(earlier) }
    }

    /// Takes hold of a run. A signal ends the wait for others.
    private func open(
        _ row: RunRow, _ beginning: RunBeginning, _ policy: NightPolicy, _ journal: Journal,
        next: RunOpening.WaitingRun? = nil
    ) async throws -> RunOpening.Outcome {
        let signals = Signals()
        defer { withExtendedLifetime(signals) {} }
        let received = signals.received
        // Cron would send a mail for it.
        let isQuiet = options?.output.cron == true
        let limit = options?.runTimeout
        return try await withThrowingTaskGroup(of: RunOpening.Outcome?.self) { group in
            group.addTask {
                try await RunOpening(journal).open(
                    row, beginning, policy, waitingFor: limit, next: next
                ) { first, own in
                    guard !isQuiet else { return }
                    let words = first.isWaiting ? "begin and to end" : "end"
                    let name = own.map { "run \($0.id) " } ?? ""
                    Output.errors.write(
                        "\(name)waits for run \(first.id) of \(first.script) to \(words)".visible + "\n")
                }
            }
            group.addTask {
                for await _ in received { break }
                return nil
            }
            defer { group.cancelAll() }
            if let outcome = try await group.next() ?? nil { return outcome }
            group.cancelAll()
            return try await group.next().flatMap { $0 } ?? .interrupted(nil)
        }
    }

    /// A signal came while other runs were waited for.
    private func interrupted(_ row: RunRow?, _ journal: Journal) throws -> Refusal {
        let signal = Signals.taken ?? SIGINT
        guard let row else {
            return Refusal(lines: ["A signal came before anything was started."], code: 128 + signal)
        }
        try journal.note(row.id, status: .detached, signal: signal, at: .now)
        return Refusal(
            lines: ["A signal came while run \(row.id) waited for its turn: it has not begun."]
                + Advice("To begin it, or to give it up:", "baton resume \(row.id)", "baton abandon \(row.id)").lines,
            code: 128 + signal)
    }

    private func told(_ text: String, _ code: Int32, _ session: RunSession) -> Int32 {
        session.renderer.note(text, code: code)
        return code
    }
}
