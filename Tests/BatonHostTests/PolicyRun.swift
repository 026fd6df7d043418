import BatonHost
import DataStudio
import Foundation
import Orchestration
import Synchronization

/// Runs a script against a server on a real socket, with limits that suit a test.
struct PolicyRun: Sendable {
    var url: String
    var script = #"execute "wf1""#
    var patience = Duration.milliseconds(700)
    var key = KeySource.simulated("a-key-of-tests-0001")
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
        let server = ServerConfiguration(url: url, key: key, api: try .default(), trust: trust)
        let client = try StudioClient(
            server, key: await key.read(), startTimeouts: limits(startLimit), readTimeouts: limits(readLimit),
            environment: environment)
        let machine = try RunMachine(
            RunConfiguration(scriptName: "test.lua", scriptText: script, seed: 1), at: .now)
        let onLine = onLine
        let lines = Mutex<[String]>([])
        var live = LiveRun(clients: ["test": client], server: "test", patience: patience) { event in
            guard case .log(_, let text) = event else { return }
            lines.withLock { $0.append(text) }
            onLine(text)
        }
        let end = await live.run(machine)
        let records = live.records
        await client.shutdown()
        return Result(end: end, lines: lines.withLock { $0 }, records: records)
    }
}
