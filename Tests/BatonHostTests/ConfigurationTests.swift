import DataStudio
import Foundation
import HostileTexts
import LuaVM
import Orchestration
import Testing

@testable import BatonHost

/// Files, environment, options: what wins, and what is said of what is wrong.
@Suite struct ConfigurationTests {
    /// A folder that is removed with this object.
    private func load(
        _ folder: Folder, _ environment: [String: String] = [:], server: String? = nil
    ) throws -> BatonConfiguration {
        try ConfigurationLoader(environment: environment, directory: folder.path + "/scripts").load(server: server)
    }

    private func problems(_ folder: Folder, _ environment: [String: String] = [:], server: String? = nil) -> [String] {
        do {
            _ = try load(folder, environment, server: server)
            return []
        } catch {
            return (error as? ConfigurationError)?.problems ?? ["\(error)"]
        }
    }

    @Test func `of very many unknown settings the first are reported`() throws {
        let folder = try Folder()
        try folder.write((0..<40_000).map { "srver\($0): a\n" }.joined(), to: "baton.yaml")
        let problems = problems(folder)
        #expect(problems.count == ConfigurationError.most + 1)
        #expect(problems.first?.contains("baton.yaml:1: unknown setting \"srver0\"") == true)
        #expect(problems.last?.contains("more") == true)
    }

    @Test func `a configuration of more than a megabyte is not used`() throws {
        let folder = try Folder()
        try folder.write("server: a\n" + String(repeating: "#", count: 1 << 20), to: "baton.yaml")
        #expect(problems(folder).contains { $0.contains("baton.yaml is larger than 1 MB") })
    }

    @Test func `a long name of a setting is not repeated whole`() throws {
        let folder = try Folder()
        try folder.write(String(repeating: "a", count: 1_000) + ": 1", to: "baton.yaml")
        #expect(problems(folder).allSatisfy { $0.utf8.count < 400 })
    }

    @Test func `the names of many servers are read in a time that grows with their number`() throws {
        let factor = try Growth.factor(from: 100) { count in
            let folder = try Folder()
            let servers = (0..<count).map { "  s\($0): { url: 'http://a', api_key_env: K }\n" }.joined()
            try folder.write("servers:\n" + servers, to: "baton.yaml")
            return folder
        } work: { folder in
            #expect((try? load(folder).servers.count) ?? 0 >= 100)
        }
        #expect(factor < Growth.most)
    }

    @Test func `nothing configured is no server`() throws {
        #expect(try load(Folder()).server == nil)
    }

    @Test func `a nearer file wins key by key, and the environment over files`() throws {
        let folder = try Folder()
        try folder.write(
            """
            server: production
            limits: { patience: 1m, script_time: 3s, memory: 64MB }
            servers:
              production: { url: "https://studio.example.com:7701/", api_key_file: /etc/key, environment: live, space: A }
            """, to: "baton.yaml")
        try folder.write("servers: { production: { space: B } }", to: "scripts/baton.yaml")
        let configuration = try load(folder, ["BATON_LIMITS_PATIENCE": "2s"])
        let server = try #require(configuration.servers["production"])
        #expect(configuration.server == "production")
        #expect(configuration.patience == .seconds(2))
        #expect(configuration.scriptLimits.time == .seconds(3))
        #expect(configuration.scriptLimits.memory == 64 << 20)
        let other = try load(folder, ["BATON_LIMITS_SCRIPT_TIME": "1m", "BATON_LIMITS_MEMORY": "1 gb"])
        #expect(other.scriptLimits.time == .seconds(60))
        #expect(other.scriptLimits.memory == 1 << 30)
        #expect(server.url == "https://studio.example.com:7701")
        #expect(server.environment == "live")
        #expect(server.space == "B")
        #expect(!server.api.verified)
    }

    @Test func `a URL is a server by itself, with the environment's settings`() throws {
        let configuration = try load(
            Folder(), ["BATON_SERVER": "http://127.0.0.1:7701", "BATON_ENVIRONMENT": "Test", "BATON_SPACE": "S"])
        let server = try #require(configuration.servers["http://127.0.0.1:7701"])
        #expect(server.environment == "Test")
        #expect(server.space == "S")
        #expect(try load(Folder(), ["BATON_SERVER": "http://a"], server: "http://b").server == "http://b")
    }

    @Test func `everything that is wrong is told at once, with its place`() throws {
        let folder = try Folder()
        try folder.write(
            """
            sever: production
            servers:
              production:
                url: studio
                api_key_fil: /etc/key
            """, to: "baton.yaml")
        let problems = problems(folder)
        #expect(problems.count == 2)
        #expect(problems[0].hasSuffix("baton.yaml:1: unknown setting \"sever\" (did you mean \"server\"?)"))
        #expect(
            problems[1].hasSuffix(
                "baton.yaml:5: unknown setting \"servers.production.api_key_fil\" (did you mean \"api_key_file\"?)"))
    }

    @Test(arguments: [
        ("server: p\nservers: { p: { url: studio, api_key_env: K } }", "servers.p.url: a URL such as"),
        ("server: p\nservers: { p: { api_key_env: K } }", "servers.p.url is missing"),
        (
            "server: p\nservers: { p: { url: 'http://h' } }",
            "the API key is missing: give api_key_file, api_key_env or api_key_command"
        ),
        (
            "server: prodution\nservers: { production: { url: 'http://h', api_key_env: K } }",
            "did you mean \"production\"?"
        ),
        ("limits: { patience: soon }", "limits.patience: a duration such as"),
        ("limits: { patience: [1] }", "limits.patience takes one value"),
        ("limits: { script_time: 0 }", "limits.script_time: a duration such as"),
        ("limits: { memory: 5 }", "limits.memory: a size of 1MB or more such as \"256MB\" was expected; got \"5\""),
        ("limits: { memory: 99999999999GB }", "limits.memory: a size of 1MB"),
        (
            "servers: { p: { url: 'http://h', api_key_env: K, api_key_file: f } }",
            "has api_key_file and api_key_env"
        ),
        ("server: 'http://h:99999'", "a URL such as"),
        ("server: [", "baton.yaml"),
        ("- a", "a mapping of settings was expected"),
        (
            "server: p\nservers: { p: { url: 'http://h', api_key_env: K, api: gone.yaml } }",
            "gone.yaml cannot be used"
        ),
    ])
    func `a setting that cannot be used is told`(yaml: String, message: String) throws {
        let folder = try Folder()
        try folder.write(yaml, to: "baton.yaml")
        let problems = problems(folder)
        #expect(problems.count == 1, "\(problems)")
        #expect(problems.first?.contains(message) == true, "\(problems)")
    }

    private static let whole = """
        server: p
        servers: { p: { url: "http://h", api_key_file: studio.key } }
        defaults: { timeout: 6h, retries: 2, usual: 2.5, refresh: false }
        secrets: { servicenow: { file: token }, other: { env: T }, third: { command: "pass t" } }
        files: [/data/in, /data/out]
        modules: lib
        calendars: { uk: { days: [2027-01-01, 2026-12-25] }, ae: { days: 2026-12-02, weekend: [sat, SUN, fri] } }
        check_labels: false
        notify:
          webhook: { url: "https://hooks.example.com/T0/secret-path", format: slack, on: [failure, late] }
          command: { run: "mail -s {title} ops@example.com", on: success }
          ping: { url_file: ping.url }
          smtp: { url: "smtps://mail.example.com", from: baton@example.com, user: bob, password_file: smtp.key, ca_file: ca.pem }
          targets:
            dba: { webhook: { url_file: dba.url, format: teams }, scripts: load*, workflows: [load-*, match] }
            ops: { mail: [a@example.com, b@example.com], on: [failure, success] }
        metrics: { textfile: baton.prom }
        limits: { run_timeout: 12h }
        log: { level: info, format: json }
        """

    @Test func `all settings of a night are read`() throws {
        let folder = try Folder()
        try folder.write(Self.whole, to: "baton.yaml")
        let configuration = try load(folder)
        #expect(configuration.defaults == ["timeout": "6h", "retries": "2", "usual": "2.5", "refresh": "false"])
        #expect(configuration.secrets.keys.sorted() == ["other", "servicenow", "third"])
        guard case .file(folder.path + "/token")? = configuration.secrets["servicenow"] else {
            Issue.record("\(configuration.secrets)")
            return
        }
        #expect(configuration.files == ["/data/in", "/data/out"])
        #expect(configuration.modules == folder.path + "/lib")
        #expect(configuration.calendars["uk"]?.days == ["2027-01-01", "2026-12-25"])
        #expect(
            configuration.calendars["uk"]?.weekend == [6, 7] && configuration.calendars["ae"]?.weekend == [6, 7, 5])
        #expect(configuration.metrics == folder.path + "/baton.prom")
        #expect(configuration.runTimeout == .seconds(12 * 3600))
        #expect(!configuration.checksLabels)
        #expect(configuration.log.level == .info && configuration.log.format == .json)
        let notify = configuration.notifications
        #expect(notify.targets.map(\.name) == ["webhook", "command", "dba", "ops"])
        guard case .webhook(_, .slack) = notify.targets[0].way, case .command(let line) = notify.targets[1].way,
            case .webhook(.file(folder.path + "/dba.url"), .teams) = notify.targets[2].way,
            case .mail(["a@example.com", "b@example.com"]) = notify.targets[3].way
        else {
            Issue.record("\(notify.targets)")
            return
        }
        #expect(notify.targets[0].occasions == [.failure, .late])
        #expect(line.words == ["mail", "-s", "{title}", "ops@example.com"])
        #expect(notify.targets[1].occasions == [.success])
        #expect(notify.targets[2].scripts == ["load*"] && notify.targets[2].workflows == ["load-*", "match"])
        let mail = try #require(notify.mail)
        #expect(
            mail.host == "mail.example.com" && mail.port == 465 && mail.user == "bob"
                && mail.from == "baton@example.com")
        #expect(mail.trust.caFile == folder.path + "/ca.pem")
        guard case .file(folder.path + "/ping.url")? = notify.ping else {
            Issue.record("no ping")
            return
        }
        let other = try load(folder, ["BATON_NOTIFY_WEBHOOK_ON": "start,notify", "BATON_LIMITS_RUN_TIMEOUT": "1h"])
        #expect(other.notifications.targets.first?.occasions == [.start, .notify])
        #expect(other.runTimeout == .seconds(3600))
    }

    @Test func `of settings of which one is given at most, the nearest counts`() throws {
        let folder = try Folder()
        try folder.write(
            """
            server: p
            servers: { p: { url: 'http://h', api_key_file: far.key } }
            secrets: { s: { file: far } }
            notify: { webhook: { url: 'http://far/' } }
            """, to: "baton.yaml")
        try folder.write(
            """
            servers: { p: { api_key_env: NEAR } }
            secrets: { s: { command: near } }
            notify: { webhook: { url_env: NEAR } }
            """, to: "scripts/baton.yaml")
        let configuration = try load(folder)
        guard case .environment("NEAR")? = configuration.servers["p"]?.key,
            case .command("near")? = configuration.secrets["s"],
            case .webhook(.environment("NEAR"), _)? = configuration.notifications.targets.first?.way
        else {
            Issue.record("\(configuration)")
            return
        }
        let other = try load(folder, ["BATON_SERVERS_P_API_KEY_FILE": "/own.key"])
        guard case .file("/own.key")? = other.servers["p"]?.key else {
            Issue.record("\(other)")
            return
        }
    }

    @Test func `every setting tells where it came from, and no secret`() throws {
        let folder = try Folder()
        try folder.write(Self.whole, to: "baton.yaml")
        try folder.write("limits: { patience: 1m }", to: "scripts/baton.yaml")
        let origins = try ConfigurationLoader(
            environment: ["BATON_LIMITS_MEMORY": "1GB"], directory: folder.path + "/scripts"
        ).origins()
        func origin(_ name: String) -> String? {
            origins.first { $0.name == name }.map { "\($0.value) \($0.origin.replacing(folder.path, with: ""))" }
        }
        #expect(origin("limits.patience") == "1m /scripts/baton.yaml:1")
        #expect(origin("limits.run_timeout") == "12h /baton.yaml:18")
        #expect(origin("limits.memory") == "1GB BATON_LIMITS_MEMORY")
        #expect(origin("limits.script_time") == "10s default")
        #expect(origin("servers.p.url") == "http://h /baton.yaml:2")
        #expect(origin("notify.webhook.url") == "https://hooks.example.com/*** /baton.yaml:10")
        #expect(origin("notify.webhook.on") == "failure, late /baton.yaml:10")
        #expect(!origins.contains { $0.value.contains("secret-path") })
    }

    @Test func `a credential of the service comes before a file of the same name`() throws {
        let folder = try Folder()
        try folder.write("server: p\nservers: { p: { url: 'http://h', api_key_file: studio.key } }", to: "baton.yaml")
        let environment = ["CREDENTIALS_DIRECTORY": folder.path + "/scripts"]
        func file(_ environment: [String: String]) throws -> String? {
            guard case .file(let path)? = try load(folder, environment).servers["p"]?.key else { return nil }
            return path.replacing(folder.path, with: "")
        }
        #expect(try file(environment) == "/studio.key")
        try folder.write("k", to: "scripts/studio.key")
        #expect(try file(environment) == "/scripts/studio.key")
        #expect(try file([:]) == "/studio.key")
        try folder.write("server: p\nservers: { p: { url: 'http://h' } }", to: "baton.yaml")
        try folder.write("k", to: "scripts/p.key")
        #expect(try file(environment) == "/scripts/p.key")
    }

    @Test(arguments: [
        ("defaults: { timeuot: 6h }", #"unknown setting "defaults.timeuot" (did you mean "timeout"?)"#),
        ("defaults: { timeout: soon }", #"defaults: the option "timeout" takes seconds or a duration"#),
        ("secrets: { a: { fil: x } }", #"unknown setting "secrets.a.fil" (did you mean "file"?)"#),
        ("secrets: { a: {} }", "secrets.a: one of file, env and command was expected"),
        ("secrets: { a: { file: x, env: Y } }", "secrets.a has file and env: one was expected"),
        ("notify: { webhok: {} }", #"unknown setting "notify.webhok" (did you mean "webhook"?)"#),
        ("notify: { webhook: { url: hooks } }", "notify.webhook.url: an address such as https://example.com/hook"),
        ("notify: { webhook: { url: 'https://h', format: teems } }", #"got "teems" (did you mean "teams"?)"#),
        ("notify: { webhook: { url: 'https://h', on: [failur] } }", #"got "failur" (did you mean "failure"?)"#),
        ("notify: { command: { run: \"mail 'x\" } }", "notify.command.run: a program with its arguments was expected"),
        ("notify: { webhook: { format: slack } }", "notify.webhook: the address is missing"),
        ("notify: { command: { on: [failure] } }", "notify.command: what to run is missing"),
        ("notify: { command: { run: 'mail -s {titel}' } }", #"{titel} stands for nothing (did you mean "title"?)"#),
        ("notify: { webhook: { url: 'https://h/SECRET' } }\nserver: q", "line 1: server stands there twice"),
        ("notify: { webhook: { url: https://h/SECRET: x } }", "it is no YAML"),
        ("notify: { ping: { url: 'http://h', url_env: X } }", "notify.ping has url and url_env: one was expected"),
        (
            "notify: { targets: { a: { on: failure } } }",
            "notify.targets.a: one of mail, webhook and command was expected"
        ),
        (
            "notify: { targets: { a: { mail: x@y, command: mail } }, smtp: { url: 'smtp://h', from: b@c } }",
            "notify.targets.a: one of mail, webhook and command was expected"
        ),
        ("notify: { targets: { command: { command: mail } } }", "notify.targets.command: notify.command has that name"),
        ("notify: { targets: { a: { mail: x@y } } }", "notify.smtp: the mail server is missing"),
        (
            "notify: { targets: { a: { mail: [x@y, 'b <c@d>'] } } }",
            "addresses such as ops@example.com were expected; got \"b <c@d>\""
        ),
        (
            "notify: { targets: { a: { webhook: { format: slack } } } }",
            "notify.targets.a.webhook: the address is missing"
        ),
        (
            "notify: { targets: { a: { webhook: { url: 'https://h', on: x } } } }",
            #"unknown setting "notify.targets.a.webhook.on""#
        ),
        (
            "notify: { smtp: { url: 'smtp://bob:SECRET@h', from: a@b } }",
            "notify.smtp.url: the mail server was expected"
        ),
        (
            "notify: { smtp: { url: 'smtp://h' } }",
            "notify.smtp.from: an address such as baton@example.com was expected"
        ),
        ("notify: { smtp: { url: 'smtp://h', from: a@b, user: c } }", "user goes with one of password_file"),
        (
            "notify: { smtp: { url: 'smtp://h', from: a@b, user: c, password_env: D, starttls: off } }",
            "a password is not sent in clear"
        ),
        ("notify: { smtp: { url: 'smtps://h', from: a@b, starttls: required } }", "encrypted from the beginning"),
        (
            "calendars: { uk: { days: [2026-02-30] } }",
            "calendars.uk.days: dates such as 2026-12-25 were expected; got \"2026-02-30\""
        ),
        ("calendars: { uk: { weekend: [SAT, SUM] } }", "calendars.uk.weekend: days such as SAT were expected"),
        (
            "calendars: { uk: { weekend: [MON, TUE, WED, THU, FRI, SAT, SUN] } }",
            "a day of the week must be left to work"
        ),
        ("files: [in]", "files: folders from the root on were expected"),
        ("files: { a: b }", "files takes a list of values"),
        ("limits: { run_timeout: 0s }", "limits.run_timeout: a duration such as"),
        ("log: { format: yaml }", "log.format: one of text, json was expected"),
        ("check_labels: maybe", "check_labels: true or false was expected"),
    ])
    func `what is wrong with the settings of a night is told with its place`(text: String, words: String) throws {
        let folder = try Folder()
        try folder.write("server: p\nservers: { p: { url: 'http://h', api_key_env: K } }\n" + text, to: "baton.yaml")
        let error = #expect(throws: ConfigurationError.self) { try load(folder) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("SECRET") == false)
    }
}
