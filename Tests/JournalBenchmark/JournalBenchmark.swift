import BatonHost
import DataStudio
import Foundation
import GRDB
import JSON
import Journal
import Orchestration
import SimulatedStudio
import StudioServer

/// What keeping runs costs, in ratios to what has to be paid in any case: plain commits on the same disk in the same minute.
///
/// Bars: a journaled step at most 2 × its commits alone; 1 000 parallel starts at most 40 commits; going on with 10 000
/// finished steps at most 100 ms; at most 2 KB of journal for each step.
@main
struct JournalBenchmark {
    static func main() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("benchmark-\(UUID().uuidString)")
            .path
        let isGood: Bool
        do {
            defer { try? FileManager.default.removeItem(atPath: folder) }
            isGood = try await measure(in: folder)
        }
        exit(isGood ? 0 : 1)
    }

    /// - Returns: true if every bar is met.
    private static func measure(in folder: String) async throws -> Bool {
        var isGood = true
        func tell(_ what: String, _ value: Double, _ unit: String, limit: Double) {
            isGood = isGood && value <= limit
            print(
                "\(value <= limit ? "ok  " : "MISS")  \(what): \(Double(Int(value * 100)) / 100)\(unit) (at most \(limit)\(unit))"
            )
        }
        // Other work on the machine comes and goes: the best of three is what it costs.
        var ratios: [Double] = []
        for number in 0..<3 {
            let steps = try Steps(folder + "/steps\(number)", count: 500)
            _ = try steps.run()
            // Without the machine and the simulated server, which would be there without a journal as well.
            let journaled = steps.committing
            let plain = try Steps.plainCommits(folder + "/plain\(number)", count: steps.commits)
            ratios.append(journaled / plain)
            let each = plain / Double(steps.commits) * 1e6
            print("      \(steps.commits) commits, \(Int(each)) µs each alone, \(Int(journaled / 500 * 1e6)) µs a step")
        }
        tell("a journaled step against its commits alone", ratios.min() ?? .infinity, " x", limit: 2)

        let commits = try await parallelStarts(folder + "/parallel", count: 1_000)
        tell("commits of 1 000 parallel starts", Double(commits), "", limit: 40)

        let long = try Steps(folder + "/long", count: 10_000, isDurable: false)
        _ = try long.run(stopsBeforeEnd: true)
        tell("journal for each step", try long.bytes() / 10_000 / 1024, " KB", limit: 2)
        var times: [Double] = []
        for _ in 0..<5 { times.append(try long.resume()) }
        tell("going on with 10 000 finished steps", (times.min() ?? .infinity) * 1000, " ms", limit: 100)
        return isGood
    }

    /// Starts that leave together, over sockets.
    private static func parallelStarts(_ path: String, count: Int) async throws -> Int {
        let scenario = Scenario(others: SimulatedWorkflow(duration: .seconds(2)))
        return try await StudioServer.withServer(scenario: scenario) { server in
            let journal = try Journal(JournalFolder(path))
            var beginning = RunBeginning(
                script: "b.lua", text: "local t = {} for i = 1, \(count) do t[i] = 'w' .. i end parallel(t)", seed: 1)
            beginning.spaces = ["s": nil]
            let row = try journal.add(
                RunRow(
                    id: "", line: "b", path: "b.lua", script: "b.lua", textHash: "", server: "s",
                    began: Timestamp.now), beginning)
            guard let lock = try LockFolder(journal.folder).run(row.id) else { return .max }
            let keeper = RunKeeper(journal, row, lock: lock)
            let settings = ServerConfiguration(
                url: server.baseURL, key: .literal("simulated-key"), api: try .default())
            let client = try await StudioClient.open(settings, patience: .seconds(60))
            let machine = try RunMachine(RunConfiguration(beginning), at: .now)
            var live = LiveRun(
                machine, clients: ["s": client], server: "s", patience: .seconds(60), keeper: keeper,
                outside: OutsideWorld { _ in }
            ) { _ in }
            let end = await live.run(nil)
            await client.shutdown()
            guard end.status == .succeeded else {
                print(end.error?.text ?? "\(end.status)")
                return .max
            }
            return keeper.commits
        }
    }
}

/// Steps one after the other, with a server that answers at once: what is left is the machine and the journal.
private final class Steps {
    private let journal: Journal
    private let row: RunRow
    private let count: Int
    private let path: String
    private let beginning: RunBeginning
    private let conductor: Conductor
    private(set) var commits = 0
    /// Seconds spent in them.
    private(set) var committing = 0.0
    private var queue: [ConductorEvent] = []
    private var now = Timestamp(milliseconds: 1_772_337_906_000)
    private let api: StudioAPI
    private var studio: SimulatedStudio
    private var opened: [ExchangeID: StudioRequest] = [:]
    private var isOver = false

    init(_ path: String, count: Int, isDurable: Bool = true) throws {
        self.path = path
        self.count = count
        journal = try Journal(JournalFolder(path))
        if !isDurable { try journal.makeUndurable() }
        beginning = RunBeginning(
            script: "b.lua", text: "for i = 1, \(count) do execute('workflow ' .. i % 50) end sleep(1000000)", seed: 1)
        row = try journal.add(
            RunRow(
                id: "", line: "b", path: "b.lua", script: "b.lua", textHash: "", server: "s", began: now), beginning)
        let scenario = Scenario(others: SimulatedWorkflow(duration: .zero))
        let description = try SimulatedStudio.description(for: scenario)
        api = StudioAPI(description)
        studio = SimulatedStudio(scenario: scenario, description: description, began: now)
        let server = ServerMachine(
            api, identity: ServerIdentity(url: "http://s", environment: "default", key: ""), patience: .seconds(60),
            seed: 1)
        conductor = Conductor(
            try RunMachine(RunConfiguration(beginning), at: now), servers: ["s": server], defaultServer: "s")
    }

    /// - Returns: seconds.
    func run(stopsBeforeEnd: Bool = false) throws -> Double {
        let began = ContinuousClock.now
        try perform(conductor.begin(at: instant))
        while !isOver, !queue.isEmpty {
            now = now + .milliseconds(1)
            try perform(conductor.handle(queue.removeFirst(), at: instant))
        }
        return (ContinuousClock.now - began).seconds
    }

    private var instant: Instant {
        Instant(wallClock: now, elapsed: now - Timestamp(milliseconds: 1_772_337_906_000))
    }

    private func perform(_ actions: [ConductorAction]) throws {
        for action in actions {
            switch action {
            case .commit(let commit):
                let began = ContinuousClock.now
                try journal.commit(commit, of: row.id)
                committing += (ContinuousClock.now - began).seconds
                commits += 1
                queue.append(.committed(commit.last))
            case .setTimer: isOver = true
            case .cancelTimer: break  // the run ignores it
            case .server(_, .takeGate(let step, let gate, _, let earlier)):
                // So that lists hold the job in question and no others: they are not what is measured.
                now = now + .seconds(400)
                queue.append(
                    .server(
                        "s",
                        .gateTaken(step, gate, try journal.state(of: gate, for: row.id, since: earlier) { _ in true })
                    ))
            case .server(_, .open(let id, let request)):
                opened[id] = request
                queue.append(.server("s", .opened(id, isBounded: true)))
            case .server(_, .proceed(let id)): opened.removeValue(forKey: id).map { answer(id, $0) }
            case .server(_, .send(let id, let request)): answer(id, request)
            case .server(_, .setTimer(let timer, _)): queue.append(.server("s", .fired(timer)))
            case .server, .setFlush, .recall, .recallRuns, .recallCompleted, .recallUsual, .carryOut, .report, .finish,
                .takeLock, .dropLock:
                break
            }
        }
    }

    private func answer(_ id: ExchangeID, _ request: StudioRequest) {
        let reply = studio.handle(
            SimulatedRequest(
                request, authorization: api.authorization(environment: "default", key: "simulated-key")),
            at: now)
        queue.append(.server("s", .ended(id, .reply(reply.received(at: now)))))
    }

    /// The size of the journal.
    func bytes() throws -> Double {
        try journal.checkpoint()
        let size = try FileManager.default.attributesOfItem(atPath: journal.folder.database)[.size] as? Int
        return Double(size ?? 0)
    }

    /// Reads the log and goes on with it.
    ///
    /// - Returns: seconds.
    func resume() throws -> Double {
        let began = ContinuousClock.now
        let log = try journal.log(of: row.id)
        let machine = try RunMachine(RunConfiguration(beginning), at: log[0].at)
        _ = try machine.resume(log, at: now)
        let took = (ContinuousClock.now - began).seconds
        // It goes on: that it is freed is no part of it.
        withExtendedLifetime(machine) {}
        guard log.count >= count * 3 else { return .infinity }
        return took
    }

    /// As many commits of one row by themselves.
    static func plainCommits(_ path: String, count: Int) throws -> Double {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        var configuration = Configuration()
        configuration.journalMode = .wal
        let queue = try DatabaseQueue(path: path + "/plain.sqlite", configuration: configuration)
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        try queue.write { try $0.execute(sql: "CREATE TABLE records (id INTEGER PRIMARY KEY, payload TEXT NOT NULL)") }
        let payload = String(repeating: "x", count: 500)
        let began = ContinuousClock.now
        for _ in 0..<count {
            try queue.write { try $0.execute(sql: "INSERT INTO records (payload) VALUES (?)", arguments: [payload]) }
        }
        return (ContinuousClock.now - began).seconds
    }
}
