import DataStudio
import Foundation
import JSON
import StudioServer
import Subprocess
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
            #expect(events.compactMap { $0["event"]?.text } == ["failure", "failure", "recovered"])
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
            #expect(lost.code != 0 && lost.errors.contains("Nobody could be told of run "), "\(lost)")
            try configure(hook: port)
            #expect(try await place.baton("resume", "--all", "--cron").code == lost.code)
            #expect(try await place.baton("resume", "--all", "--cron").code == 0)
            #expect(try messages().map { $0["event"]?.text } == ["failure"])
        }
    }

    @Test func `a message that could not be delivered is sent again`() async throws {
        try await withDeadRun(remind: "4h") { place, server, port, messages in
            try configure(place, server, key: "wrong-key", hook: 1, remind: "4h")
            let lost = try await place.baton("resume", "--all", "--cron")
            #expect(lost.code == 4 && lost.errors.contains("nobody could be told"), "\(lost)")
            try configure(place, server, key: "wrong-key", hook: port, remind: "4h")
            #expect(try await place.baton("resume", "--all", "--cron").code == 4)
            #expect(try await place.baton("resume", "--all", "--cron").code == 0)
            #expect(try messages().map { $0["event"]?.text } == ["failure"])
        }
    }
}
