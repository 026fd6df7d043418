import DataStudio
import Foundation
import JSON
import SimulatedStudio
import StudioServer
import Subprocess
import SystemPackage
import Testing

/// The real cron daemon and the real systemd read what `baton init` writes; and what `--cron` prints.
@Suite struct CronTests {
    /// A folder of `baton init`, for a server.
    private func initialise(_ name: String, in place: Workplace, for server: StudioServer) async throws -> String {
        let made = try await place.baton("init", name)
        #expect(made.code == 0, "\(made.errors)")
        let folder = place.url.appendingPathComponent(name).path
        try place.write("simulated-key\n", to: "\(name)/studio.key")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder + "/studio.key")
        let settings = try place.read("\(name)/baton.yaml")
        #expect(settings.contains("url: https://studio.example.com:7701"))
        try place.write(
            settings.replacing("https://studio.example.com:7701", with: server.baseURL), to: "\(name)/baton.yaml")
        return folder
    }

    @Test(.timeLimit(.minutes(5)))
    func `cron runs the lines of init: a success is silent, a failure is mailed with its whole story`() async throws {
        let good = try Scenario(
            yaml: "workflows: { load: {}, standardise-names: {}, standardise-addresses: {}, publish: {} }")
        let bad = try Scenario(
            yaml: """
                workflows:
                  load: { duration: 3s }
                  standardise-names: { duration: 100ms, outcome: FAILED, message: Row 17 has no key }
                  standardise-addresses: { duration: 100ms }
                  publish: {}
                """)
        try await StudioServer.withServer(scenario: good) { goodServer in
            try await StudioServer.withServer(scenario: bad) { badServer in
                let place = try Workplace()
                let folders = [
                    try await initialise("good night", in: place, for: goodServer),
                    try await initialise("bad", in: place, for: badServer),
                ]
                // 04:30 comes once a day: the lines are the same but for the time.
                let lines = try folders.map { try String(contentsOfFile: $0 + "/crontab.txt", encoding: .utf8) }
                let crontab = lines.joined().replacing("30 4 * * *", with: "* * * * *")
                #expect(crontab.contains("* * * * *   \(BatonProcess.real) run --cron '\(folders[0])/nightly.lua'"))
                try place.write(crontab, to: "crontab")
                try FileManager.default.createDirectory(
                    at: place.url.appendingPathComponent("mail"), withIntermediateDirectories: true)
                try await Self.withCron(place) {
                    try await Self.waiting { try Self.mails(place).count > 0 && goodServer.starts.count >= 4 }
                    try await Self.waiting {
                        try await BatonProcess.run(
                            ["runs", "--json"], in: URL(fileURLWithPath: folders[0])
                        ).output.contains("\"state\":\"succeeded\"")
                    }
                }
                let mails = try Self.mails(place)
                #expect(mails.count == 1, "\(mails.joined(separator: "\n----\n"))")
                let mail = try #require(mails.first)
                #expect(mail.contains("Subject: Cron <"))
                for text in [
                    "load: accepted as job ", "standardise-names: the job FAILED: Row 17 has no key",
                    "nightly.lua FAILED after",
                    "nightly.lua:10: standardise-names: the job FAILED: Row 17 has no key",
                    "What to do: correct what failed. ", "\n\n  cd ", " && baton retry ",
                ] {
                    #expect(mail.contains(text), "\(text) in \(mail)")
                }
                #expect(
                    Array(goodServer.starts.prefix(4)).sorted() == [
                        "load", "publish", "standardise-addresses", "standardise-names",
                    ])
                #expect(!badServer.starts.contains("publish"))
            }
        }
    }

    /// Runs the daemon, in a mount namespace of its own: nothing of this machine's cron is touched.
    private static func withCron(_ place: Workplace, _ body: () async throws -> Void) async throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("cron.sh").path
        let result = try await Subprocess.run(
            .path("/usr/bin/unshare"),
            arguments: Arguments(
                (getuid() == 0 ? [] : ["--map-root-user"])
                    + ["--mount", "--pid", "--fork", "--kill-child", script, place.url.path]),
            environment: .custom(["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]), input: .none,
            output: .discarded, error: .string(limit: 65_536)
        ) { execution in
            let result: Result<Void, any Error>
            do {
                result = .success(try await body())
            } catch {
                result = .failure(error)
            }
            // The first process of the namespace: all others go with it.
            try? execution.send(signal: .kill)
            try result.get()
        }
        _ = result
    }

    private static func mails(_ place: Workplace) throws -> [String] {
        let folder = place.url.appendingPathComponent("mail")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".mail") }
            .map { try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8) }
    }

    private static func waiting(for condition: () async throws -> Bool) async throws {
        // What cron does is seen in files only: nothing tells of it.
        while try await !condition() { try await Task.sleep(for: .milliseconds(200)) }
    }

    @Test func `systemd has nothing against the units of init`() async throws {
        let place = try Workplace()
        #expect(try await place.baton("init", "a night").code == 0)
        let folder = place.url.appendingPathComponent("a night/systemd")
        let units = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(
            units == [
                "baton-failure@.service", "baton-nightly.service", "baton-nightly.timer", "baton-resume.service",
                "baton-resume.timer",
            ])
        let result = try await Subprocess.run(
            .path("/usr/bin/systemd-analyze"),
            arguments: Arguments(["verify", "--man=no"] + units.map { folder.appendingPathComponent($0).path }),
            input: .none, output: .discarded, error: .string(limit: 65_536))
        #expect(result.terminationStatus.isSuccess, "\(result.standardError)")
        #expect(result.standardError == "")
        let text = try place.read("a night/systemd/baton-nightly.service")
        for line in ["Type=exec", "SuccessExitStatus=6 129 130 143", "OnFailure=baton-failure@%n.service"] {
            #expect(text.contains(line + "\n"))
        }
        #expect(text.contains("LoadCredential=studio.key:\(place.url.path)/a night/studio.key\n"))
    }

    @Test func `what is there is left as it is, and what init writes runs as it stands`() async throws {
        let place = try Workplace()
        try place.write("-- mine\n", to: "nightly.lua")
        let first = try await place.baton("init")
        #expect(first.code == 0)
        #expect(first.output.contains("nightly.lua                       left as it is"))
        #expect(try place.read("nightly.lua") == "-- mine\n")
        let other = try await place.baton("init", "new")
        #expect(other.code == 0)
        let run = try await place.baton(
            "run", "--cron", "--scenario", "new/nightly.scenario.yaml", "new/nightly.lua",
            environment: ["BATON_CHECK_LABELS": "true"])
        #expect(run.code == 0, "\(run.errors)")
        #expect(run.output.isEmpty && run.errors.isEmpty)
        let settings = try await place.baton("config", "new")
        #expect(settings.code == 0, "\(settings.errors)")
        #expect(settings.output.contains("new/baton.yaml:6"))
    }

    @Test(arguments: [
        ("execute 'a'", "", []), ("print 'a line'", "a line\n", []), ("skip 'a holiday'", "", []),
        ("log.info 'no' log.warn 'yes'", "", ["warn: yes"]),
        ("execute { 'a', max = '1ms', on_check = 'warn' }", "", ["a: LATE", "a: warning: COMPLETED in"]),
    ])
    func `a success is told only where there is something to tell`(
        script: String, output: String, errors: [String]
    ) async throws {
        let place = try Workplace()
        try place.write(script, to: "n.lua")
        try place.write("workflows: { a: { duration: 300ms } }", to: "s.yaml")
        let run = try await place.baton("run", "--cron", "--scenario", "s.yaml", "n.lua")
        #expect(run.code == 0)
        #expect(run.output == output)
        let lines = run.errors.split(separator: "\n")
        #expect(lines.count == errors.count, "\(run.errors)")
        for (line, text) in zip(lines, errors) { #expect(line.contains(text)) }
    }

    @Test func `nothing of what cron leaves out is missed`() async throws {
        try await Workplace.with("workflows: { a: { duration: 50ms } }") { place, server in
            try place.configure(
                server, key: "simulated-key", more: "    settle: 200ms\njournal: \(place.url.path)/journal\n")
            let script = place.url.appendingPathComponent(
                try place.write("print(execute 'a') fail 'here'", to: "n.lua")
            ).path
            // Closed descriptors, no environment, another folder.
            let result = try await Subprocess.run(
                .path("/bin/sh"),
                arguments: [
                    "-c", "cd / && exec env -i LC_ALL=C '\(BatonProcess.binary)' run '\(script)' <&- >&- 2>&-",
                ],
                input: .none, output: .string(limit: 4096), error: .string(limit: 4096))
            #expect(result.terminationStatus == .exited(1), "\(result.terminationStatus)")
            #expect(server.starts == ["a"])
            let shown = try await place.baton("show", "n.lua")
            #expect(shown.code == 0)
            #expect(shown.output.contains("a: COMPLETED in"))
            #expect(shown.output.contains("n.lua:1: here"), "\(shown.output)")
        }
    }

    @Test func `the time that a process may hold a run ends it, and a retry waits for its jobs`() async throws {
        try await Workplace.with("workflows: { slow: { duration: 45s } }") { place, server in
            try place.write("print(execute('slow').state)", to: "n.lua")
            let night = try await place.baton("run", "--timeout", "30s", "n.lua")
            #expect(night.code == 7)
            #expect(night.errors.contains("the run took longer than its limit of 30.0 s"))
            #expect(night.errors.contains("Still running on the server:\n  slow (job "))
            let morning = try await place.baton("retry")
            #expect(morning.code == 0, "\(morning.errors)")
            #expect(morning.output == "COMPLETED\n")
            #expect(server.starts == ["slow"])
        }
    }

    @Test func `a day's run is done once`() async throws {
        try await Workplace.with("workflows: { a: { duration: 10ms } }") { place, server in
            try place.write("execute 'a'", to: "n.lua")
            for _ in 0..<2 { #expect(try await place.baton("run", "--key", "{date}", "n.lua").code == 0) }
            #expect(server.starts == ["a"])
            let keys = try await place.runs().compactMap { $0["key"]?.text }
            #expect(keys.count == 1)
            #expect(keys.first?.wholeMatch(of: /\d{4}-\d\d-\d\d/) != nil)
        }
    }

    @Test func `standard error can be objects, and what scripts print is not`() async throws {
        let place = try Workplace()
        try place.write("print 'plain' log.warn 'careful' execute 'a'", to: "n.lua")
        let run = try await place.baton("run", "--simulate", "--log-format", "json", "n.lua")
        #expect(run.code == 0)
        #expect(run.output == "plain\n")
        let events = try run.errors.split(separator: "\n").map { try JSON(parsing: Array($0.utf8)) }
        #expect(events.first?["event"] == "began" || events.contains { $0["event"] == "began" })
        #expect(events.contains { $0["level"] == "warn" && $0["text"] == "careful" })
        #expect(events.last?["event"] == "ended")
    }
}
