import DataStudio
import Foundation
import JSON
import StudioServer
import Subprocess
import Synchronization
import TestPeer
import Testing

/// How often people are told of a run that `resume --all --cron` cannot resume.
@Suite struct AlarmTests {
    private static let scenario = "workflows: { long: { duration: 2s }, next: { duration: 10ms } }"

    private func configure(_ place: Workplace, _ server: StudioServer, key: String, hook: Int, remind: String) throws {
        try place.configure(
            server, key: key,
            more: """
                    settle: 200ms
                notify: { remind: \(remind), webhook: { url: "http://127.0.0.1:\(hook)/" } }
                journal: \(place.url.path)/journal
                """)
    }

    /// Runs a night whose process dies while a job runs, and has the key refused from then on.
    private func withDeadRun(
        _ script: String = "night.lua", remind: String,
        _ body: @escaping @Sendable (Workplace, StudioServer, Int, () throws -> [JSON]) async throws -> Void
    ) async throws {
        try await Peer.with { _, _ in
            .answer(200, "")
        } _: { peer, port in
            try await Workplace.with(Self.scenario) { place, server in
                try configure(place, server, key: "simulated-key", hook: port, remind: remind)
                let folder = (place.url.appendingPathComponent(script).path as NSString).deletingLastPathComponent
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                try place.write("execute 'long' execute 'next'", to: script)
                _ = try await BatonProcess.run(["run", script], in: place.url, whenErrorsSay: "accepted as job") {
                    _, send in try send(.kill)
                }
                try configure(place, server, key: "wrong-key", hook: port, remind: remind)
                try await body(place, server, port) { try peer.requests.map { try JSON(parsing: Array($0.body.utf8)) } }
            }
        }
    }

    @Test func `a run that cannot be resumed causes one message, and one when it has recovered`() async throws {
        try await withDeadRun(remind: "4h") { place, server, port, messages in
            let first = try await place.baton("resume", "--all", "--cron")
            #expect(first.code == 4, "\(first)")
            #expect(first.errors.contains("INTERRUPTED: the key was refused"), "\(first.errors)")
            for _ in 1...3 {
                let again = try await place.baton("resume", "--all", "--cron")
                #expect(again.code == 0 && again.errors.isEmpty && again.output.isEmpty, "\(again)")
            }
            #expect(try messages().map { $0["event"]?.text } == ["failure"])
            // Whoever asks is answered.
            let asked = try await place.baton("resume", "night.lua")
            #expect(asked.code == 4 && asked.errors.contains("INTERRUPTED"), "\(asked)")
            try configure(place, server, key: "simulated-key", hook: port, remind: "4h")
            let well = try await place.baton("resume", "--all", "--cron")
            #expect(well.code == 0 && well.errors.contains("of night.lua has recovered after "), "\(well)")
            #expect(server.starts == ["long", "next"])
            let events = try messages()
            #expect(events.compactMap { $0["event"]?.text } == ["failure", "recovered"])
            #expect(events.last?["title"]?.text?.contains("night.lua has recovered after ") == true)
            #expect(try await place.baton("resume", "--all", "--cron").errors.isEmpty)
        }
    }

    @Test func `a reminder is sent when the interval has passed`() async throws {
        try await withDeadRun(remind: "1ms") { place, _, _, messages in
            for _ in 1...2 {
                let run = try await place.baton("resume", "--all", "--cron")
                #expect(run.code == 4 && run.errors.contains("INTERRUPTED"), "\(run)")
            }
            #expect(try messages().map { $0["event"]?.text } == ["failure", "failure"])
        }
    }

    @Test func `a refusal to resume a run causes one message`() async throws {
        try await withDeadRun("night/night.lua", remind: "4h") { place, server, port, messages in
            // The key's file is gone: everything else of the configuration can be read.
            try FileManager.default.removeItem(at: place.url.appendingPathComponent("studio.key"))
            let first = try await place.baton("resume", "--all", "--cron")
            #expect(first.code != 0 && first.errors.contains("night.lua cannot be resumed: "), "\(first)")
            let again = try await place.baton("resume", "--all", "--cron")
            #expect(again.code == 0 && again.errors.isEmpty, "\(again)")
            let message = try #require(try messages().first)
            #expect(try messages().count == 1 && message["event"] == "failure", "\(message)")
            #expect(message["title"]?.text?.contains("night.lua cannot be resumed: ") == true, "\(message)")
            // One that cannot be read cannot say whom to notify.
            try place.write("servers: { studio: { nonsense: 1 } }", to: "night/baton.yaml")
            let other = try await place.baton("resume", "--all", "--cron")
            #expect(other.code == 64 && other.errors.contains("nonsense"), "\(other)")
            #expect(try await place.baton("resume", "--all", "--cron").errors.isEmpty)
            #expect(try messages().count == 1)
        }
    }

    @Test func `what is refused, and could not be told, is told again`() async throws {
        try await withDeadRun(remind: "4h") { place, server, port, messages in
            func configure(hook: Int) throws {
                try self.configure(place, server, key: "simulated-key", hook: hook, remind: "4h")
                let settings = try place.read("baton.yaml")
                try place.write(
                    settings.replacing(/api_key_file: .*/, with: "api_key_file: missing.key"), to: "baton.yaml")
            }
            try configure(hook: 1)
            let lost = try await place.baton("resume", "--all", "--cron")
            #expect(lost.code != 0 && lost.errors.contains("resume --all sends what could not be delivered"), "\(lost)")
            try configure(hook: port)
            for _ in 1...2 { #expect(try await place.baton("resume", "--all", "--cron").code == 0) }
            #expect(try messages().map { $0["event"]?.text } == ["failure"])
        }
    }

    @Test func `a message that could not be delivered is sent again`() async throws {
        try await withDeadRun(remind: "4h") { place, server, port, messages in
            try configure(place, server, key: "wrong-key", hook: 1, remind: "4h")
            let lost = try await place.baton("resume", "--all", "--cron")
            #expect(lost.code == 4 && lost.errors.contains("a message could not be delivered: "), "\(lost)")
            try configure(place, server, key: "wrong-key", hook: port, remind: "4h")
            for _ in 1...2 { #expect(try await place.baton("resume", "--all", "--cron").code == 0) }
            #expect(try messages().map { $0["event"]?.text } == ["failure"])
        }
    }

    /// Runs a night whose job fails while the webhook answers at an address that is not configured, then tries to have that
    /// known.
    private func withFailedRun(
        _ body: @escaping @Sendable (Workplace, StudioServer, Int, () throws -> [JSON]) async throws -> Void
    ) async throws {
        try await Peer.with { _, _ in
            .answer(200, "")
        } _: { peer, port in
            let failing = "workflows: { long: { failures: 2, duration: 10ms } }"
            try await Workplace.with(failing) { place, server in
                try configure(place, server, key: "simulated-key", hook: 1, remind: "4h")
                try place.write("execute 'long'", to: "night.lua")
                let failed = try await place.baton("run", "night.lua", "--cron")
                #expect(failed.code == 1 && failed.errors.contains("could not be delivered"), "\(failed)")
                try configure(place, server, key: "simulated-key", hook: port, remind: "4h")
                try await body(place, server, port) { try peer.requests.map { try JSON(parsing: Array($0.body.utf8)) } }
            }
        }
    }

    @Test func `a failure that could not be delivered is sent later, and a retry that succeeds is reported`()
        async throws
    {
        try await withFailedRun { place, server, port, messages in
            for _ in 1...2 {
                let resumed = try await place.baton("resume", "--all", "--cron")
                #expect(resumed.code == 0 && resumed.errors.isEmpty && resumed.output.isEmpty, "\(resumed)")
            }
            let late = try #require(try messages().first)
            #expect(try messages().count == 1 && late["event"] == "failure", "\(late)")
            #expect(late["title"]?.text?.hasPrefix("night.lua FAILED after ") == true, "\(late)")
            #expect(late["title"]?.text?.contains(": long: the job FAILED, run ") == true, "\(late)")
            // The same again is news to nobody; whoever retries sees it.
            let again = try await place.baton("retry", "night.lua")
            #expect(again.code == 1 && again.errors.contains("night.lua FAILED after "), "\(again)")
            #expect(again.errors.contains("it was resumed "), "\(again)")
            #expect(try messages().count == 1)
            #expect(try await place.baton("retry", "night.lua").code == 0)
            let well = try #require(try messages().last)
            #expect(try messages().count == 2 && well["event"] == "recovered", "\(well)")
            #expect(well["text"]?.text?.contains("has seen to it") == true, "\(well)")
            #expect(server.starts == ["long", "long", "long"])
            // Whoever reads cron's mail only learns of it too, once.
            let mailed = try await place.baton("resume", "--all", "--cron")
            #expect(mailed.code == 0 && mailed.errors.contains("/night.lua has recovered after "), "\(mailed)")
            #expect(mailed.errors.contains(" has seen to it"), "\(mailed)")
            #expect(try await place.baton("resume", "--all", "--cron").errors.isEmpty)
        }
    }

    @Test func `an all-clear that could not be delivered is sent later`() async throws {
        try await withDeadRun(remind: "4h") { place, server, port, messages in
            #expect(try await place.baton("resume", "--all", "--cron").code == 4)
            try configure(place, server, key: "simulated-key", hook: 1, remind: "4h")
            let well = try await place.baton("resume", "--all", "--cron")
            #expect(well.code == 0 && well.errors.contains("could not be delivered"), "\(well)")
            try configure(place, server, key: "simulated-key", hook: port, remind: "4h")
            for _ in 1...2 { #expect(try await place.baton("resume", "--all", "--cron").code == 0) }
            #expect(try messages().map { $0["event"]?.text } == ["failure", "recovered"])
        }
    }

    @Test func `people are reminded of a run that waits for a decision, until it is given up`() async throws {
        try await withDeadRun(remind: "1ms") { place, _, _, messages in
            let database = place.url.appendingPathComponent("journal/baton.sqlite").path
            _ = try await Subprocess.run(
                .name("sqlite3"), arguments: [database, "UPDATE runs SET status = 'stuck', note = 'it died'"],
                output: .discarded)
            for _ in 1...2 {
                let held = try await place.baton("resume", "--all", "--cron")
                #expect(held.code == 8 && held.errors.contains("is held: it died. It needs a decision."), "\(held)")
            }
            #expect(try messages().map { $0["event"]?.text } == ["ambiguous", "ambiguous"])
            #expect(try await place.baton("abandon", "night.lua").code == 0)
            #expect(try await place.baton("resume", "--all", "--cron").errors.isEmpty)
            let last = try #require(try messages().last)
            #expect(try messages().count == 3 && last["event"] == "recovered", "\(last)")
            #expect(last["title"]?.text?.contains(" was given up by ") == true, "\(last)")
        }
    }

    @Test func `a failure whose process dies while it is sent is sent by the next one, once`() async throws {
        let slow = Mutex(true)
        try await Peer.with { _, _ in
            slow.withLock { $0 } ? .silence : .answer(200, "")
        } _: { peer, port in
            try await Workplace.with("workflows: { long: { failures: 1, duration: 10ms } }") { place, server in
                try configure(place, server, key: "simulated-key", hook: port, remind: "4h")
                try place.write("execute 'long'", to: "night.lua")
                let killed = try await BatonProcess.run(
                    ["run", "night.lua"], in: place.url, whenErrorsSay: "night.lua FAILED after "
                ) { _, send in
                    while peer.requests.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
                    try send(.kill)
                }
                #expect(killed.code == 256 + SIGKILL)
                slow.withLock { $0 = false }
                let database = place.url.appendingPathComponent("journal/baton.sqlite").path
                func sqlite(_ sql: String) async throws -> String {
                    let result = try await Subprocess.run(
                        .name("sqlite3"), arguments: [database, sql], output: .string(limit: 10_000))
                    return result.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
                }
                // Until the claim of the one that died has ended, nobody else sends it.
                #expect(try await sqlite("SELECT count(*) FROM undelivered") == "1")
                let before = peer.requests.count
                _ = try await place.baton("resume", "--all", "--cron")
                #expect(peer.requests.count == before)
                _ = try await sqlite("UPDATE undelivered SET claimed = 0")
                async let one = place.baton("resume", "--all", "--cron")
                async let other = place.baton("resume", "--all", "--cron")
                for run in [try await one, try await other] { #expect(run.code == 0 && run.errors.isEmpty, "\(run)") }
                #expect(peer.requests.count == before + 1)
                #expect(try await sqlite("SELECT count(*) FROM undelivered") == "0")
            }
        }
    }

    @Test func `what could not be delivered of a run that has recovered is dropped`() async throws {
        try await withFailedRun { place, _, port, messages in
            for _ in 1...2 { _ = try await place.baton("retry", "night.lua") }
            #expect(try messages().map { $0["event"]?.text } == ["recovered"])
            _ = try await place.baton("resume", "--all", "--cron")
            #expect(try messages().map { $0["event"]?.text } == ["recovered"])
        }
    }
}
