import BatonHost
import DataStudio
import Glibc
import JSON
import Journal
import Logging
import Orchestration

/// One life of a run: from the moment it is held until it has ended or is left.
struct RunSession {
    let configuration: BatonConfiguration
    let renderer: any RunRenderer
    let logger: Logger
    /// How long this process may hold the run; `nil`: as the configuration says.
    var runTimeout: Duration?
    /// Who types the script; `nil` for one that is there.
    let repl: Repl?
    /// True if nobody asked for this run: cron resumes all that there are.
    var isUnattended = false
    /// Of a simulation: what other servers answer.
    var replies: (@Sendable (HTTPCall) -> HTTPReply?)?

    /// - Parameter name: the run's, in front of its lines, where others are told of at the same time.
    init(_ configuration: BatonConfiguration, _ output: OutputOptions, name: String? = nil) {
        self.configuration = configuration
        repl = nil
        let renderer = output.renderer(configuration.log, name: name)
        let level = (output.logLevel ?? configuration.log.level).logger
        self.renderer = renderer
        logger = Logger(label: "baton") { _ in RendererLogHandler(renderer: renderer, logLevel: level) }
    }

    /// - Parameter repl: who types the script, and is told of it.
    init(_ configuration: BatonConfiguration, _ repl: Repl) {
        self.configuration = configuration
        self.repl = repl
        let renderer = repl.renderer
        self.renderer = renderer
        let level = configuration.log.level.logger
        logger = Logger(label: "baton") { _ in RendererLogHandler(renderer: renderer, logLevel: level) }
    }

    /// - Returns: the exit code.
    func run(_ opened: RunOpening.Opened) async throws -> Int32 {
        do {
            return try await begin(opened)
        } catch {
            // It did not die: it is as it was, and it says why it does not go on.
            let row = opened.keeper.row
            if opened.log != nil {
                let note = Refusal(error).lines.first
                try? opened.keeper.journal.note(row.id, status: row.status, signal: row.signal, note: note)
            }
            throw error
        }
    }

    private func begin(_ opened: RunOpening.Opened) async throws -> Int32 {
        let announcer = replies == nil ? announcer(opened.keeper.row) : nil
        for (row, running) in opened.abandoned {
            let words = Self.words(ofAbandoned: row, running)
            renderer.warn(words)
            announcer?.giveUp(row.id, words)
        }
        for (row, running) in opened.replaced where !running.isEmpty {
            renderer.warn(
                "run \(row.id), which was cancelled for this one, has left \(Self.words(of: running)), which is not waited for"
            )
        }
        if let row = opened.next?.row {
            renderer.warn(
                "run \(opened.keeper.row.id), which was interrupted, goes on first; then run \(row.id) begins")
        }
        for row in opened.held { renderer.warn("run \(row.id) needs a decision: baton show \(row.id)") }
        let beginning = opened.beginning
        guard beginning.canBeReplayed else {
            throw Refusal(
                "Run \(opened.keeper.row.id) was begun by another version of Baton, which reads logs otherwise.",
                Advice("Resume it by that version, or give it up:", "baton abandon \(opened.keeper.row.id)"))
        }
        let server = opened.keeper.row.server
        try checkPlace(of: beginning, server)
        let zone = try RunZone(of: beginning)
        if let warning = zone.warning { renderer.warn(warning) }
        let secrets = try await Secrets(
            of: beginning, from: configuration.secrets, hosts: replies == nil ? configuration.secretHosts : [:])
        let clients = try await ServerClients.open(configuration, secrets: secrets, logger: logger)
        let result: Result<Int32, any Error>
        do {
            // A script that never uses another server that is badly configured runs all the same.
            if let problem = clients.unusable[server] { throw Refusal(problem) }
            if opened.log == nil, repl == nil, configuration.checksLabels {
                try await check(beginning, clients.usable[server])
            }
            result = .success(try await run(opened, zone.rules, clients, server, secrets, announcer))
        } catch {
            result = .failure(error)
        }
        await clients.shutdown()
        return try result.get()
    }

    private func run(
        _ opened: RunOpening.Opened, _ zone: ZoneRules, _ clients: ServerClients, _ server: String,
        _ secrets: Secrets, _ announcer: RunAnnouncer?
    ) async throws -> Int32 {
        let (began, resumed) = (opened.log?.first?.at ?? .now, Timestamp.now)
        var run = RunConfiguration(
            opened.beginning, limits: configuration.scriptLimits, logLimit: configuration.logLimit, zone: zone)
        run.findModule = repl?.moduleFinder(configuration)
        let machine = try RunMachine(run, at: began)
        let isInteractive = repl?.renderer.isInteractive == true
        let signals = Signals(lasting: isInteractive ? [SIGINT, SIGWINCH, SIGCONT, SIGQUIT] : [])
        defer { withExtendedLifetime(signals) {} }
        let received = signals.received
        let audience = audience(of: opened, clients, announcer)
        keepUndelivered(of: announcer, opened.keeper.row, opened.keeper.journal)
        let outside = OutsideWorld(
            secrets: secrets, folders: configuration.files, approvers: Set(configuration.approvers.keys),
            targets: configuration.notifications.names, replies: replies
        ) {
            await audience.announcer?.tell($0, in: audience.folder())
        }
        var live = LiveRun(
            machine, clients: clients.usable, unusable: clients.unusable, server: server,
            patience: configuration.patience, keeper: opened.keeper, outside: outside,
            runTimeout: isInteractive ? nil : runTimeout ?? configuration.runTimeout, logger: logger,
            report: { audience.receive($0) })
        let detach = live.detacher
        let session = live.session
        // The renderer is asked while the run reports to it: it does not wait for a journal that is locked.
        let journal = opened.keeper.journal.with(.none)
        renderer.know { PastStep.usual(of: (try? journal.durations(title: $0)) ?? []) }
        if let log = opened.log, repl == nil {
            let began = opened.keeper.row.began.localDate
            if isUnattended, opened.keeper.row.status == nil {
                let row = opened.keeper.row
                renderer.warn("the process of run \(row.id) of \(row.path) had died; it has been resumed")
            }
            renderer.note("run \(opened.keeper.row.id), which began \(began), is resumed after \(log.count) records")
        }
        if audience.alarms?.isRetrying != true {
            audience.announcer?.begin(opened.keeper.row.id, goesOn: opened.log != nil)
        }
        return await withTaskGroup(of: Void.self) { group in
            repl?.begin(session, in: ReplPlace(opened.keeper, clients, server: server, isSimulated: replies != nil))
            group.addTask {
                for await signal in received where repl?.takes(signal, session) != true { detach(signal) }
            }
            if let alarms = audience.alarms, alarms.isInTrouble {
                let counts = clients.usable.values.map(\.count)
                group.addTask {
                    while (try? await Task.sleep(for: .seconds(5))) != nil {
                        let (served, unserved) = counts.reduce((0, 0)) { ($0.0 + $1.served, $0.1 + $1.unserved) }
                        if let time = alarms.look(served: served, unserved: unserved, at: .now) {
                            audience.recover(after: time)
                        }
                    }
                }
            }
            group.addTask {
                while renderer.isLive, (try? await Task.sleep(for: .milliseconds(100))) != nil { renderer.redraw() }
            }
            let end = await live.run(opened.log) { audience.recall($0, at: $1) }
            group.cancelAll()
            if end.status == .nondeterministic { audience.receive(.ended(end)) }
            audience.alarms?.keep(
                in: opened.keeper.journal, of: opened.keeper.row.id, person: audience.person, at: .now)
            await finish(
                audience.announcer, of: opened.keeper.row, opened.keeper.journal,
                recovered: end.exitCode == 0 ? resumed : nil)
            await audience.meter?.finish()
            if audience.alarms?.isSilent == true { return 0 }
            return await repl?.finish(end) ?? end.exitCode
        }
    }

    /// Waits until people have been notified. What is on its way is in the journal meanwhile, and what cannot be delivered
    /// afterwards: `baton resume --all` sends it. A journal that is locked is not waited for.
    ///
    /// - Parameter resumed: when a process took the run up that has ended well: what could not be delivered before is old.
    func finish(
        _ announcer: RunAnnouncer?, of row: RunRow, _ journal: Journal, recovered resumed: Timestamp? = nil
    ) async {
        guard let announcer else { return }
        let journal = journal.with(.none)
        announcer.keepUndelivered(nil)
        if let resumed { try? journal.forgetUndelivered(of: row.id, before: resumed) }
        let claimed = announcer.claim(in: journal, of: row)
        await announcer.finish()
        let left = announcer.undelivered
        do {
            try journal.deliver(claimed, except: left.map(\.json.jsonText), of: row.id, at: .now)
            if !left.isEmpty { logger.warning(Self.isSentAgain) }
        } catch {
            logger.warning("what could not be delivered cannot be kept: \(error)")
        }
    }

    private static let isSentAgain: Logger.Message = "the next baton resume --all sends what could not be delivered"

    /// While the run goes on, what cannot be delivered is kept at once: people may be waited for.
    private func keepUndelivered(of announcer: RunAnnouncer?, _ row: RunRow, _ journal: Journal) {
        let (journal, logger) = (journal.with(.none), logger)
        announcer?.keepUndelivered { announcement in
            guard (try? journal.deliver([], except: [announcement.json.jsonText], of: row.id, at: .now)) != nil else {
                return false
            }
            logger.warning(Self.isSentAgain)
            return true
        }
    }

    /// Looks at the script with its server, unless a signal comes before.
    private func check(_ beginning: RunBeginning, _ client: StudioClient?) async throws {
        let signals = Signals()
        defer { withExtendedLifetime(signals) {} }
        let received = signals.received
        let signal = try await withThrowingTaskGroup(of: Int32?.self) { group in
            group.addTask {
                try await OnlinePreflight(beginning, client).check()
                return nil
            }
            group.addTask {
                for await signal in received { return signal }
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        if let signal { throw Refusal(lines: ["A signal came before anything was started."], code: 128 + signal) }
    }

    /// In a simulation nobody is told, and nothing is counted.
    private func audience(
        of opened: RunOpening.Opened, _ clients: ServerClients, _ announcer: RunAnnouncer?
    ) -> RunAudience {
        var audience = RunAudience(renderer: renderer)
        audience.isKept = replies == nil
        if replies == nil {
            let (row, journal) = (opened.keeper.row, opened.keeper.journal.folder)
            audience.folder = { CommandPlace.folder(of: row, in: journal) }
        }
        guard replies == nil else { return audience }
        audience.waits = StartWaits(of: opened.keeper.row.id, in: opened.keeper.journal)
        audience.announcer = announcer
        let (row, journal) = (opened.keeper.row, opened.keeper.journal.with(.none))
        audience.claim = { _ = announcer?.claim(in: journal, of: row) }
        audience.resumed = opened.log == nil ? nil : .now
        audience.person = opened.log?.last { $0.body.person != nil }?.body.person
        guard repl == nil else { return audience }
        audience.alarms = AlarmWatch(
            (try? opened.keeper.journal.alarm(of: opened.keeper.row.id)) ?? nil,
            of: "run \(opened.keeper.row.id) of \(opened.keeper.row.script)", isUnattended: isUnattended,
            remindingEvery: configuration.remindInterval)
        if let path = configuration.metrics {
            let counts = clients.usable.values.map(\.count)
            audience.meter = Meter(
                opened.keeper.journal, path: path, scriptPath: opened.keeper.row.path, logger: logger,
                requests: { (counts.reduce(0) { $0 + $1.total }, counts.reduce(0) { $0 + $1.failed }) },
                exitCode: { $0.exitCode })
        }
        return audience
    }

    /// Who notifies people of a run; `nil` where nobody is to be notified.
    func announcer(_ row: RunRow) -> RunAnnouncer? { announcer(row.script, path: row.path) }

    /// Who notifies people of the runs of a script; `nil` where nobody is to be notified.
    func announcer(_ script: String, path: String) -> RunAnnouncer? {
        guard !configuration.notifications.isEmpty else { return nil }
        return RunAnnouncer(
            Notifier(configuration.notifications, logger: logger), script: script, path: path,
            announcesRun: repl == nil)
    }

    /// A run goes on only where it began.
    private func checkPlace(of beginning: RunBeginning, _ server: String) throws {
        guard let began = beginning.identities[server] else { return }
        guard let settings = configuration.servers[server] else {
            throw Refusal("The run began on the server \"\(server)\" (\(began)), which is not configured any more.")
        }
        guard settings.identity == began else {
            throw Refusal(
                "The run began on \(began), and the configuration now says \(settings.identity) for \"\(server)\".",
                Advice(
                    "Its jobs are on the former. Set that again, or give the run up:", "baton abandon \(beginning.run)")
            )
        }
    }

    private static func words(of running: [AttemptRow]) -> String {
        running.map { "\($0.intent.title)\($0.job.map { " (job \($0))" } ?? " (in doubt)")" }.joined(separator: ", ")
    }

    private static func words(ofAbandoned row: RunRow, _ running: [AttemptRow]) -> String {
        let left = running.isEmpty ? "" : "; it leaves \(words(of: running))"
        return "run \(row.id), which was interrupted, is given up\(left)"
    }

    /// Tells how a run has ended, which is not run again.
    func report(_ row: RunRow, _ journal: Journal) throws -> Int32 {
        var end = RunEnd(status: row.status ?? .detached)
        end.signal = row.signal
        end.suspicions = try journal.suspicions(of: row.id, sinceRetry: true)
        let code = end.exitCode
        let note = row.note.map { ": \($0)" } ?? ""
        let words = "run \(row.id) has this key, and has ended already: \(end.status.rawValue)\(note)"
        guard code != 0 else {
            renderer.note(words, code: code)
            return code
        }
        let advice =
            code == 8 || row.isHeld
            ? Advice("To see it:", "baton show \(row.id)")
            : Advice("To try it again (--again begins another run):", "baton retry \(row.id)")
        renderer.note("\(words).", advice, code: code)
        return code
    }
}

extension RecordBody {
    /// Who has decided what it says; `nil` for what nobody has decided.
    fileprivate var person: String? {
        switch self {
        case .resolved(_, let by): by
        case .retried(let retrial): retrial.by
        default: nil
        }
    }
}
