import BatonHost
import DataStudio
import Journal
import Logging
import Orchestration

/// One life of a run: from the moment it is held until it has ended or is left.
struct RunSession {
    let configuration: BatonConfiguration
    let renderer: any RunRenderer
    let logger: Logger

    /// - Returns: the exit code.
    func run(_ opened: RunOpening.Opened) async throws -> Int32 {
        for (row, running) in opened.abandoned { renderer.note(Self.words(ofAbandoned: row, running)) }
        for row in opened.held { renderer.note("run \(row.id) of this line needs a person: baton show \(row.id)") }
        let beginning = opened.beginning
        guard beginning.canBeReplayed else {
            throw Refusal(
                "Run \(opened.keeper.row.id) was begun by another version of Baton, which reads logs otherwise.",
                "Go on with it by that version, or give it up: baton abandon \(opened.keeper.row.id)")
        }
        let server = opened.keeper.row.server
        try checkPlace(of: beginning, server)
        if let zone = beginning.zone { TimeZoneSetting.use(zone) }
        let clients = try await ServerClients.open(configuration, logger: logger)
        let result: Result<Int32, any Error>
        do {
            // A script that never uses another server that is badly configured runs all the same.
            if let problem = clients.unusable[server] { throw Refusal(problem) }
            result = .success(try await run(opened, clients, server))
        } catch {
            result = .failure(error)
        }
        await clients.shutdown()
        return try result.get()
    }

    private func run(
        _ opened: RunOpening.Opened, _ clients: ServerClients, _ server: String
    ) async throws -> Int32 {
        let began = opened.log?.first?.at ?? .now
        let machine = try RunMachine(RunConfiguration(opened.beginning, limits: configuration.scriptLimits), at: began)
        let signals = Signals()
        defer { withExtendedLifetime(signals) {} }
        let received = signals.received
        var live = LiveRun(
            machine, clients: clients.usable, unusable: clients.unusable, server: server,
            patience: configuration.patience, keeper: opened.keeper, logger: logger,
            report: { renderer.receive($0, at: Timestamp.now) })
        let detach = live.detacher
        let journal = opened.keeper.journal
        renderer.know { PastStep.usual(of: (try? journal.durations(title: $0)) ?? []) }
        if let log = opened.log {
            renderer.note("run \(opened.keeper.row.id) goes on: \(log.count) records of it are there")
        }
        return await withTaskGroup(of: Void.self) { group in
            group.addTask { for await signal in received { detach(signal) } }
            group.addTask {
                while renderer.isLive, (try? await Task.sleep(for: .milliseconds(100))) != nil { renderer.redraw() }
            }
            let end = await live.run(opened.log) { renderer.recall($0, at: $1) }
            group.cancelAll()
            if end.status == .nondeterministic { renderer.receive(.ended(end), at: .now) }
            return end.exitCode
        }
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
                "Its jobs are on the former. Set that again, or give the run up: baton abandon \(beginning.run)")
        }
    }

    private static func words(ofAbandoned row: RunRow, _ running: [AttemptRow]) -> String {
        let jobs = running.map { "\($0.intent.title)\($0.job.map { " (job \($0))" } ?? " (in doubt)")" }
        let left = jobs.isEmpty ? "" : "; it leaves \(jobs.joined(separator: ", "))"
        return "run \(row.id), which was interrupted, is given up\(left)"
    }

    /// Tells how a run has ended, which is not run again.
    func report(_ row: RunRow, _ journal: Journal) -> Int32 {
        var end = RunEnd(status: row.status ?? .detached)
        end.signal = row.signal
        let code = end.exitCode
        let advice =
            code == 0 ? "" : row.isHeld ? "; see baton show \(row.id)" : "; to try again: baton retry \(row.id)"
        let note = row.note.map { ": \($0)" } ?? ""
        renderer.note("run \(row.id) has done this already, and \(end.status.rawValue)\(note)\(advice)", code: code)
        return code
    }
}
