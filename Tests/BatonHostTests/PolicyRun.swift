import BatonHost
import DataStudio
import Foundation
import Journal
import Orchestration
import Synchronization
import Testing

/// Runs a script against a server on a real socket, with limits that suit a test.
struct PolicyRun: Sendable {
    var url: String
    var script = #"execute "wf1""#
    var patience = Duration.milliseconds(700)
    var key = SecretSource.literal("a-key-of-tests-0001")
    var trust = ServerTrust()
    var environment: [String: String] = [:]
    /// How long a start and a read may be silent, and half of how long they may take.
    var startLimit = Duration.seconds(60)
    var readLimit = Duration.seconds(60)
    /// How long a connection may take, TLS included.
    var connectLimit = Duration.seconds(30)

    /// Told of each line that people are told.
    var onLine: @Sendable (String) -> Void = { _ in }

    /// What came of it.
    struct Result: Sendable {
        let end: RunEnd
        /// What people were told besides, a line each.
        let lines: [String]
        let records: [Record]

        /// All words of the failure.
        var message: String { end.error.map { "\($0.text)" } ?? "" }
        var isDoubtful: Bool { !end.doubtful.isEmpty }
    }

    func run() async throws -> Result {
        func limits(_ silence: Duration) -> ClientTimeouts {
            ClientTimeouts(connect: connectLimit, silence: silence, whole: silence * 2)
        }
        var server = ServerConfiguration(url: url, key: key, api: try .default(), trust: trust)
        server.startRules.settle = .milliseconds(100)
        let client = try StudioClient(
            server, key: await key.read(), startTimeouts: limits(startLimit), readTimeouts: limits(readLimit),
            environment: environment)
        let folder = try Folder()
        let journal = try Journal(JournalFolder(folder.path))
        let beginning = RunBeginning(script: "test.lua", text: script, seed: 1)
        let row = try journal.add(
            RunRow(
                id: "", line: "test", path: "test.lua", script: "test.lua", textHash: "", server: "test", began: .now),
            beginning)
        let lock = try #require(try LockFolder(journal.folder).run(row.id))
        let machine = try RunMachine(RunConfiguration(beginning), at: .now)
        let onLine = onLine
        let lines = Mutex<[String]>([])
        var live = LiveRun(
            machine, clients: ["test": client], server: "test", patience: patience,
            keeper: RunKeeper(journal, row, lock: lock), outside: OutsideWorld { _ in }
        ) { event in
            guard case .log(_, let text) = event else { return }
            lines.withLock { $0.append(text) }
            onLine(text)
        }
        let end = await live.run(nil)
        let records = try journal.log(of: row.id)
        await client.shutdown()
        return Result(end: end, lines: lines.withLock { $0 }, records: records)
    }
}
