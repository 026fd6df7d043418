import DataStudio
import Foundation
import JSON
import SimulatedStudio
import StudioServer
import Testing

/// What is found before the first start: at one in the morning, not at four.
@Suite struct PreflightTests {
    private static let checked = ["BATON_CHECK_LABELS": "true"]

    @Test func `a label that the server does not list is found before anything is started`() async throws {
        try await Workplace.with("{ largest_page: 2, workflows: { load: {}, match: {}, publish: {} } }") {
            place, server in
            try place.write("execute 'load'\nparallel { 'match', { 'pubilsh', max = '1h' } }", to: "n.lua")
            let run = try await place.baton("run", "n.lua", environment: Self.checked)
            #expect(run.code == 64)
            #expect(
                run.errors == """
                    n.lua:2:23: the server has no workflow labelled "pubilsh" (did you mean "publish"?)
                    Nothing was started.

                    """)
            #expect(server.starts.isEmpty)
            #expect(try await place.runs().map { $0["state"]?.text } == ["abandoned"])
            try place.write("execute { 'pubilsh', server = 'studio' }", to: "other.lua")
            #expect(try await place.baton("run", "other.lua", environment: Self.checked).code == 1)
            #expect(try await place.baton("run", "n.lua", environment: ["BATON_CHECK_LABELS": "false"]).code == 1)
        }
    }

    @Test func `a key that is refused is found before anything is started`() async throws {
        try await StudioServer.withServer(scenario: try Scenario(yaml: "workflows: { a: {} }")) { server in
            let place = try Workplace()
            try place.configure(server, key: "wrong-key-00001234")
            try place.write("execute 'a'", to: "n.lua")
            let run = try await place.baton("run", "--json", "n.lua", environment: Self.checked)
            #expect(run.code == 4)
            let source = "api_key_file: \(place.url.path)/studio.key"
            #expect(run.errors.contains("refuses the key …1234 (\(source)) (401)"), "\(run)")
            #expect(run.errors.hasSuffix("Nothing was started.\n"))
            let events = try run.output.split(separator: "\n").map { try JSON(parsing: Array($0.utf8)) }
            #expect(events.last?["event"] == "ended")
            #expect(events.last?["exit_code"] == 4)
            #expect(events.last?["status"] == "auth")
            #expect(server.starts.isEmpty)
        }
    }

    @Test func `a server that is out of reach then is waited for as ever`() async throws {
        let place = try Workplace()
        try place.write("execute 'a'", to: "n.lua")
        let run = try await place.baton(
            "run", "n.lua",
            environment: [
                "BATON_SERVER": "http://127.0.0.1:1", "BATON_API_KEY": "k-00000000000",
                "BATON_LIMITS_PATIENCE": "100ms",
                "BATON_CHECK_LABELS": "true",
            ])
        #expect(run.code == 5, "\(run.errors)")
    }

    @Test(arguments: [
        ("param 'region'", [], "n.lua:1:7: param: region was not given: --param region=…"),
        ("print 'x'", ["--param", "day=1"], "--param day: the script reads no parameter of that name"),
        ("exeucte 'a'", [], "n.lua:1:1: nothing is called \"exeucte\" here (did you mean \"execute\"?)"),
        ("print(secret 'none')", [], "n.lua:1:14: secret: \"none\" is not among the configuration's secrets"),
        ("print 'x'", ["--key", "{dat}"], "--key: {date} is all that stands for something; got \"{dat}\"."),
        ("print 'x'", ["--param", "day"], "--param takes NAME=VALUE; got \"day\"."),
        ("print 'x'", ["--param", "d=1", "--param", "d=2"], "--param d is given twice."),
        ("print 'x'", ["--timeout", "soon"], "--timeout takes a duration such as 6h; got \"soon\"."),
        ("print 'x'", ["--json", "--cron"], "--json and --cron exclude each other."),
    ])
    func `what a script lacks is told in one line`(script: String, arguments: [String], words: String) async throws {
        let place = try Workplace()
        try place.write(script, to: "n.lua")
        let run = try await BatonProcess.run(["run", "--simulate"] + arguments + ["n.lua"], in: place.url)
        #expect(run.code == 64, "\(run.errors)")
        #expect(run.errors.contains(words), "\(run.errors)")
    }

    @Test func `a secret reaches the server, and nothing that is kept or shown`() async throws {
        try await Workplace.with("others: { duration: 50ms }") { place, server in
            let value = "very-secret-0001"
            try place.write(value, to: "token")
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: place.url.path + "/token")
            try place.configure(
                server, key: "simulated-key",
                more:
                    "    settle: 200ms\nsecrets: { servicenow: { file: token }, unread: { env: ABSENT } }\njournal: \(place.url.path)/j\n"
            )
            try place.write(
                """
                local r = execute { "a", params = { token = "Bearer " .. secret "servicenow" } }
                print(json.encode(r.details), secret "servicenow")
                notify(secret "servicenow")
                """, to: "n.lua")
            let run = try await place.baton("run", "--log-level", "trace", "n.lua")
            #expect(run.code == 0, "\(run.errors)")
            #expect(server.jobs().first?.details.jsonText.contains("Bearer \(value)") == true)
            #expect(run.output.contains("***servicenow-"))
            _ = try await place.baton("show", "--html", "page.html")
            var seen = run.output + run.errors + (try place.read("page.html"))
            seen += try await place.baton("show", "--json").output
            seen += try await place.baton("config").output
            #expect(!seen.contains(value))
            let files = FileManager.default.enumerator(atPath: place.url.path + "/j")
            while let name = files?.nextObject() as? String {
                let data = FileManager.default.contents(atPath: place.url.path + "/j/" + name) ?? Data()
                #expect(data.range(of: Data(value.utf8)) == nil, "\(name)")
            }
        }
    }
}
