import Foundation
import Subprocess
import Synchronization
import TestPeer
import Testing

/// Messages that could not be delivered at once, and those of runs whose process died.
@Suite(.timeLimit(.minutes(3))) struct UndeliveredTests {
    private static let scenario = """
        workflows: { good: { duration: 50ms }, slow: { duration: 1s }, bad: { duration: 50ms, outcome: FAILED } }
        """

    private func sqlite(_ place: Workplace, _ statement: String) async throws -> String {
        let result = try await Subprocess.run(
            .name("sqlite3"), arguments: [place.url.path + "/.local/state/baton/baton.sqlite", statement],
            output: .string(limit: 100_000))
        try #require(result.terminationStatus.isSuccess)
        return result.standardOutput
    }

    @Test func `people are asked for a decision as long as it is to be made`() async throws {
        let works = Mutex(false)
        try await Peer.with { _, _ in
            .answer(works.withLock { $0 } ? 200 : 400, "")
        } _: { peer, port in
            try await Workplace.with(Self.scenario) { place, server in
                try place.configure(
                    server, key: "simulated-key",
                    more: "notify: { webhook: { url: 'http://127.0.0.1:\(port)/', on: approval } }")
                try place.write("approve('one') approve('two')", to: "n.lua")
                func asked() -> [String] {
                    peer.requests.compactMap { $0.body.contains("n.lua: approval is needed: one") ? $0.body : nil }
                }
                let run = try await BatonProcess.run(
                    ["run", "n.lua"], in: place.url, whenErrorsSay: "the next baton resume --all sends"
                ) { _, _ in
                    #expect(asked().count == 1)
                    works.withLock { $0 = true }
                    // The run goes on meanwhile.
                    for _ in 0..<2 { #expect(try await place.baton("resume", "--all").code == 0) }
                    #expect(asked().count == 2)
                    works.withLock { $0 = false }
                    #expect(try await place.baton("approve", "n.lua").code == 0)
                    while try await sqlite(place, "SELECT count(*) FROM undelivered") != "1\n" {
                        try await Task.sleep(for: .milliseconds(100))
                    }
                    #expect(try await place.baton("approve", "n.lua").code == 0)
                }
                #expect(run.code == 0, "\(run)")
                works.withLock { $0 = true }
                let count = peer.requests.count
                #expect(try await place.baton("resume", "--all").code == 0)
                #expect(peer.requests.count == count, "nobody is asked about what is decided")
                #expect(try await sqlite(place, "SELECT count(*) FROM undelivered") == "0\n")
            }
        }
    }

    /// A terminal, a pager or a log that takes nothing more holds the process up when the run has ended.
    @Test(arguments: [true, false])
    func `that a run has failed is sent and shown, whenever its process dies`(isKept: Bool) async throws {
        try await Peer.with { _, _ in
            .answer(200, "")
        } _: { peer, port in
            try await Workplace.with(Self.scenario) { place, server in
                try place.configure(
                    server, key: "simulated-key", more: "notify: { webhook: { url: 'http://127.0.0.1:\(port)/' } }")
                try place.write("fail 'Row 17'", to: "n.lua")
                try place.write(
                    """
                    mkfifo full; exec 9<>full; head -c 65500 /dev/zero >&9
                    "$1" run n.lua 2>full >/dev/null & run=$!
                    until "$1" runs 2>/dev/null | grep -q failed; do sleep 0.1; done
                    kill -9 $run
                    """, to: "blocked.sh")
                let died = try await BatonProcess.run(
                    ["blocked.sh", BatonProcess.binary], in: place.url, executable: "/bin/sh")
                #expect(died.errors.isEmpty && peer.requests.isEmpty, "\(died)")
                // Before it is written, the message is in the journal.
                while try await sqlite(place, "SELECT count(*) FROM undelivered") != "1\n" {
                    try await Task.sleep(for: .milliseconds(100))
                }
                _ = try await sqlite(place, isKept ? "UPDATE undelivered SET claimed = 0" : "DELETE FROM undelivered")
                let resumed = try await place.baton("resume", "--all")
                #expect(resumed.code == 0 && resumed.errors.contains("n.lua has ended, and its process died then: "))
                _ = try await place.baton("resume", "--all")
                #expect(try await place.baton("resume", "--all").errors.isEmpty)
                #expect(peer.requests.count == 1, "\(peer.requests.map(\.body))")
                #expect(peer.requests.first?.body.contains("Row 17") == true)
                #expect(try await place.baton("show").output.contains("Row 17"))
            }
        }
    }

    @Test func `what is late is sent, also if the run ends before that is done`() async throws {
        try await Workplace.with(Self.scenario) { place, server in
            try place.configure(
                server, key: "simulated-key",
                more: #"notify: { command: { run: "/bin/sh -c 'sleep 3; echo {event} >> told'", on: late } }"#)
            try place.write(#"execute { "slow", max = "100ms", on_check = "warn" }"#, to: "n.lua")
            let run = try await place.baton("run", "n.lua")
            #expect(run.code == 0 && !run.errors.contains("could not be delivered"), "\(run)")
            #expect(try place.read("told") == "late\n")
        }
    }
}
