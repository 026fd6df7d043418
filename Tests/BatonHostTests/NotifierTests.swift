import DataStudio
import Foundation
import JSON
import Logging
import Synchronization
import TestPeer
import Testing

@testable import BatonHost

/// Telling people: what is sent, how often it is tried, and how long that may take.
@Suite struct NotifierTests {
    private static let announcement = Announcement(
        [.failure, .ambiguous], title: "night.lua is HELD", text: "wf1: <in doubt> & more", run: "7f3k",
        script: "night.lua", path: "/srv/night.lua", status: "ambiguous", exitCode: 8,
        at: Timestamp(milliseconds: 1_772_337_906_000))

    /// What people read who are elsewhere.
    private static var place: String {
        "run 7f3k of /srv/night.lua, on \(Sender.current.host) as \(Sender.current.user)"
    }

    /// Tells it, and returns what is logged and how long that took. Where somebody answers, the patience is for busy machines.
    private func tell(
        _ settings: NotificationSettings, _ announcement: Announcement = announcement,
        patience: Duration = .seconds(120)
    ) async -> (warnings: [String], took: Duration) {
        let log = LogLines()
        let logger = Logger(label: "test") { _ in log }
        let notifier = Notifier(settings, logger: logger, patience: patience)
        let began = ContinuousClock.now
        notifier.announce(announcement)
        await notifier.finish()
        return (log.lines, ContinuousClock.now - began)
    }

    private func webhook(
        _ port: Int, _ format: WebhookFormat = .json, on occasions: Set<Occasion> = [.failure]
    ) -> NotificationSettings {
        var settings = NotificationSettings()
        settings.targets = [
            NotificationTarget(
                "webhook",
                .webhook(url: .literal("http://127.0.0.1:\(port)/hook?token=secret-0001"), format: format),
                occasions: occasions)
        ]
        return settings
    }

    @Test(arguments: WebhookFormat.allCases)
    func `a webhook gets the whole story in its own shape`(format: WebhookFormat) async throws {
        try await Peer.with { _, _ in
            .answer(200, "ok")
        } _: { peer, port in
            #expect(await tell(webhook(port, format)).warnings.isEmpty)
            let request = try #require(peer.requests.first)
            #expect(request.method == "POST")
            #expect(request.path == "/hook?token=secret-0001")
            #expect(request.headers["content-type"] == "application/json")
            let body = try JSON(parsing: Array(request.body.utf8))
            switch format {
            case .json:
                #expect(body["event"] == "ambiguous")
                #expect(body["title"] == "night.lua is HELD")
                #expect(body["text"] == "wf1: <in doubt> & more")
                #expect(body["run"] == "7f3k")
                #expect(body["path"] == "/srv/night.lua" && body["user"]?.text == Sender.current.user)
                #expect(body["exit_code"] == 8)
                #expect(body["at"] == "2026-03-01T04:05:06.000Z")
            case .slack:
                #expect(
                    body["text"]?.text == "*night.lua is HELD*\n```wf1: &lt;in doubt&gt; &amp; more\n\n\(Self.place)```"
                )
            case .teams:
                let card = body["attachments"]?.elements?.first?["content"]
                #expect(card?["type"] == "AdaptiveCard")
                let texts = card?["body"]?.elements?.compactMap { $0["text"]?.text } ?? []
                #expect(texts.first == "night.lua is HELD" && texts.count == 2)
                #expect(texts.last?.hasPrefix("wf1: <in doubt> & more\n\n") == true, "\(texts)")
                #expect(texts.last?.contains("night.lua, on ") == true, "\(texts)")
            }
        }
    }

    @Test func `who did not ask for it is not told`() async throws {
        try await Peer.with { _, _ in
            .answer(200, "ok")
        } _: { peer, port in
            _ = await tell(webhook(port, on: [.late, .success]))
            #expect(peer.requests.isEmpty)
        }
    }

    @Test(arguments: [
        (Peer.Behaviour.answer(500, "no"), 3, "it answers 500"), (.answer(429, "slow"), 3, "it answers 429"),
        (.close, 3, "the server closed the connection"), (.answer(404, "no"), 1, "it answers 404"),
        (
            .answer(302, ["location": "http://127.0.0.1:1/"], ""), 1,
            "it redirects (302): configure the address it leads to"
        ),
    ])
    func `what may go well another time is tried three times, and nothing else`(
        behaviour: Peer.Behaviour, tries: Int, reason: String
    ) async throws {
        try await Peer.with { _, _ in
            behaviour
        } _: { peer, port in
            let (warnings, _) = await tell(webhook(port))
            #expect(peer.requests.count == tries)
            #expect(warnings.count == 1)
            #expect(
                warnings.first?.contains("notify.webhook: a message could not be delivered: \(reason)") == true,
                "\(warnings)")
            #expect(!warnings.joined().contains("secret-0001"))
        }
    }

    @Test func `what could not be delivered can be sent again, by the ways that failed only`() async throws {
        try await Peer.with { _, number in
            number < 2 ? .answer(404, "") : .answer(200, "")
        } _: { peer, port in
            let folder = try Folder()
            var settings = webhook(port, .slack)
            settings.targets.append(
                NotificationTarget(
                    "command", .command(try #require(CommandLineWords("tee -a \(folder.path)/told"))),
                    occasions: [.failure]))
            let notifier = Notifier(settings, logger: StudioClient.silent)
            for occasion in [Occasion.failure, .late, .start] {
                var announcement = Self.announcement
                announcement.occasions = [occasion]
                await notifier.deliver(announcement)
            }
            let undelivered = try #require(notifier.undelivered.first)
            #expect(notifier.undelivered.count == 1 && undelivered.ways == ["notify.webhook"])
            let kept = try #require(Announcement(json: try JSON(parsing: Array(undelivered.json.jsonText.utf8))))
            let later = Notifier(settings, logger: StudioClient.silent)
            await later.deliver(kept)
            #expect(later.undelivered.isEmpty && peer.requests.count == 2)
            #expect(peer.requests.last?.body.contains("This message is of 2026-03-01 04:05:06") == true)
            let told = try String(contentsOfFile: folder.path + "/told", encoding: .utf8)
            #expect(told.split(separator: "\n").count { $0.hasPrefix("wf1:") } == 1, "\(told)")
        }
    }

    @Test func `a server that comes back is told`() async throws {
        try await Peer.with { _, number in
            number < 3 ? .answer(503, "") : .answer(200, "")
        } _: { peer, port in
            #expect(await tell(webhook(port)).warnings.isEmpty)
            #expect(peer.requests.count == 3)
        }
    }

    @Test func `nobody waits longer than the patience, however many say nothing`() async throws {
        try await Peer.with { _, _ in
            .silence
        } _: { peer, port in
            var settings = webhook(port)
            settings.ping = .literal("http://127.0.0.1:\(port)/ping")
            settings.targets.append(
                NotificationTarget(
                    "command", .command(try #require(CommandLineWords("sleep 3600"))), occasions: [.failure]))
            let (warnings, took) = await tell(settings, patience: .seconds(1))
            #expect(warnings.count == 3)
            // Far from an hour; the machine may be busy.
            #expect(took < .seconds(30))
        }
    }

    @Test func `what a script wants told does not pile up while nobody answers`() async throws {
        try await Peer.with { _, _ in
            .silence
        } _: { peer, port in
            let log = LogLines()
            let notifier = Notifier(
                webhook(port), logger: Logger(label: "test") { _ in log }, patience: .seconds(3))
            // From here on nobody waits for an answer.
            await notifier.tell(Self.announcement)
            for _ in 0..<1000 { await notifier.tell(Self.announcement) }
            await notifier.finish()
            #expect(log.lines.count { $0.contains("too many messages wait") } == 1, "\(log.lines.count)")
            // The first one, and those that were under way at the same time.
            #expect(log.lines.count { $0.contains("could not be delivered") } == 101)
        }
    }

    @Test(arguments: [([Occasion.start], "/ping/start"), ([.success], "/ping"), ([.failure], "/ping/fail")])
    func `a dead man's switch hears of beginning, success and failure`(occasions: [Occasion], path: String) async throws
    {
        try await Peer.with { _, _ in
            .answer(200, "")
        } _: { peer, port in
            var settings = NotificationSettings()
            settings.ping = .literal("http://127.0.0.1:\(port)/ping/")
            var announcement = Self.announcement
            announcement.occasions = Set(occasions)
            _ = await tell(settings, announcement)
            announcement.occasions = [.late]
            _ = await tell(settings, announcement)
            #expect(peer.requests.map(\.path) == [path])
            #expect(peer.requests.map(\.method) == ["GET"])
        }
    }

    @Test func `a command gets title and text, and no shell sees them`() async throws {
        let folder = try Folder()
        let script = try folder.write(
            "#!/bin/sh\nprintf '%s|' \"$@\" > '\(folder.path)/said'\nprintf '%s|' \"$BATON_EVENT\" >> '\(folder.path)/said'\ncat >> '\(folder.path)/said'\n",
            to: "tell.sh", mode: 0o700)
        var settings = NotificationSettings()
        let line = try #require(CommandLineWords("'\(script)' -s \"{title} on {run}\" '{exit_code} {nothing}'"))
        settings.targets.append(NotificationTarget("command", .command(line), occasions: [.failure]))
        var announcement = Self.announcement
        announcement.title = "$(touch /tmp/pwned) `id` {body} \"quoted\""
        let (warnings, _) = await tell(settings, announcement)
        #expect(warnings.isEmpty)
        let said = try String(contentsOfFile: folder.path + "/said", encoding: .utf8)
        #expect(
            said
                == "-s|$(touch /tmp/pwned) `id` {body} \"quoted\" on 7f3k|8 {nothing}|ambiguous|wf1: <in doubt> & more\n\n\(Self.place)\n"
        )
    }

    @Test(arguments: [
        ("/bin/sh -c 'echo no mail today >&2; exit 3'", "/bin/sh failed: no mail today"),
        ("/none/mail -s x", "/none/mail cannot be run"),
    ])
    func `a command that fails is told`(line: String, words: String) async throws {
        var settings = NotificationSettings()
        settings.targets.append(
            NotificationTarget("command", .command(try #require(CommandLineWords(line))), occasions: [.failure]))
        let (warnings, _) = await tell(settings)
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains(words) == true, "\(warnings)")
    }

    @Test(arguments: [
        ("mail -s {title} ops", ["mail", "-s", "{title}", "ops"]), (#"a "b c" 'd "e'"#, ["a", "b c", #"d "e"#]),
        (#"a\ b c\"d"#, ["a b", #"c"d"#]), ("  x  ''  ", ["x", ""]), (#"'a\b'"#, [#"a\b"#]),
    ])
    func `a command's line is split as a shell does it`(line: String, words: [String]) {
        #expect(CommandLineWords(line)?.words == words)
    }

    @Test(arguments: ["", "  ", "mail 'x", #"mail "x"#, "mail \\", "'' x"])
    func `a command's line that is no command is none`(line: String) {
        #expect(CommandLineWords(line) == nil)
    }
}

/// Keeps what is logged.
private struct LogLines: LogHandler {
    private final class Store: Sendable {
        let lines = Mutex<[String]>([])
    }

    private let store = Store()
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]

    var lines: [String] { store.lines.withLock { $0 } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        store.lines.withLock { $0.append("\(event.message)") }
    }
}
