import DataStudio
import Foundation
import JSON
import SimulatedStudio
import StudioServer
import Subprocess
import Testing

/// `baton run` as an operator meets it.
@Suite(.timeLimit(.minutes(2))) struct RunTests {
    /// The jobs in a simulator's log, by label.
    private func spans(_ log: String) throws -> [String: (from: Timestamp, to: Timestamp)] {
        var spans: [String: (from: Timestamp, to: Timestamp)] = [:]
        for line in log.split(separator: "\n") {
            let json = try JSON(parsing: Array(line.utf8))
            guard json["event"] == "job", let label = json["label"]?.text else { continue }
            spans[label] = (try #require(Timestamp(json["started"])), try #require(Timestamp(json["finished"])))
        }
        return spans
    }

    @Test func `the nightly example runs its phases as it says, by the server's own log`() async throws {
        let place = try Workplace()
        let script = BatonProcess.root.appendingPathComponent("scripts/examples/nightly.lua").path
        let run = try await place.baton("run", "--simulate", script, "--simulator-log", "log")
        #expect(run.code == 0)
        for phase in ["load", "standardise", "match", "publish"] { #expect(run.errors.contains("─ \(phase)\n")) }
        let spans = try spans(place.read("log"))
        let jobs = try (1...7).map { try #require(spans["wf\($0)"]) }
        #expect(jobs[1...3].map(\.from).max()! < jobs[1...3].map(\.to).min()!, "wf2, wf3 and wf4 overlapped")
        #expect(jobs[4...5].map(\.from).min()! >= jobs[1...3].map(\.to).max()!, "wf5 and wf6 began after all three")
        #expect(jobs[6].from >= jobs[0...5].map(\.to).max()!, "wf7 came last")
        #expect(!(try place.read("log").contains("simulated-key")))
    }

    @Test func `a server that goes down and comes back on its port is waited for`() async throws {
        // In the process of the run, whose clock no other test delays.
        let run = try await Workplace().run(
            "execute 'wf1'",
            scenario: "others: { duration: 9s }\nfaults: [ { fault: down, from: 4s, for: 3s } ]", "--log-level", "debug"
        )
        #expect(run.code == 0, "\(run.errors)")
        #expect(run.errors.contains("the connection is refused; again in"), "\(run.errors)")
        #expect(run.errors.contains("it answers again"))
    }

    @Test func `a server is reached over HTTP with the key of the configuration, which nothing shows`() async throws {
        let place = try Workplace()
        var scenario = Scenario(others: SimulatedWorkflow(duration: .milliseconds(50)))
        scenario.key = "top-secret-key-4242"
        let (run, log) = try await StudioServer.withServer(scenario: scenario) { server in
            try place.write("top-secret-key-4242\n", to: "studio.key")
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: place.url.appendingPathComponent("studio.key").path)
            try place.write(
                """
                server: local
                servers:
                  local: { url: "\(server.baseURL)", api_key_file: "\(place.url.path)/studio.key" }
                """, to: "baton.yaml")
            try place.write("print(execute('wf1'))", to: "test.lua")
            return (try await place.baton("run", "test.lua"), server.log)
        }
        #expect(run.code == 0, "\(run.errors)")
        #expect(run.output.contains("wf1: COMPLETED"))
        #expect(log.filter { $0.operation == .executeWorkflow }.count == 1)
        #expect(!(run.output + run.errors).contains("secret"))
    }

    @Test func `a failed job in a parallel lets the others end, and the report lists all`() async throws {
        let run = try await Workplace().run(
            "parallel { 'a', 'bad', 'c' }\nexecute 'next'",
            scenario: """
                workflows:
                  a: { duration: 300ms }
                  bad: { duration: 50ms, outcome: FAILED, message: Row 17 has no key }
                  c: { duration: 300ms }
                  next: {}
                """)
        #expect(run.code == 1)
        for line in ["✓ a ", "✗ bad ", "✓ c "] { #expect(run.errors.contains(line)) }
        #expect(run.errors.contains("test.lua:1: bad: the job FAILED: Row 17 has no key (job "))
        #expect(!run.errors.contains("next: starting"))
    }

    @Test(arguments: [
        ("execute 'a'", 0),
        ("execute 'bad'", 1),
        ("execute 'none'", 1),
        ("error 'x'", 1),
        ("error {}", 1),
        ("error()", 1),
        ("execute { 'a', min = '20m' }", 3),
        ("parallel { { 'a', min = '20m' }, 'bad' }", 1),
        ("timeout(0.01, function() execute 'slow' end)", 7),
        ("execute 'a", 64),
        ("execute { 'a', timeot = 3 }", 64),
    ])
    func `the exit code says how it ended`(script: String, code: Int32) async throws {
        let run = try await Workplace().run(
            script,
            scenario: """
                workflows:
                  a: { duration: 10ms }
                  slow: { duration: 10s }
                  bad: { duration: 10ms, outcome: FAILED }
                  lost: { reply: lost }
                """)
        #expect(run.code == code, "\(run.errors)")
        if code == 64 {
            #expect(run.errors.hasPrefix("test.lua:1:"))
            #expect(run.errors.contains("Nothing was started."))
        }
        for noise in ["Optional(", "Swift", "StepFailure", "nil)"] { #expect(!run.errors.contains(noise)) }
    }

    @Test func `a script that never ends is stopped, and the line is named`() async throws {
        let place = try Workplace()
        try place.write("print 'begins'\nwhile true do pcall(function() while true do end end) end", to: "test.lua")
        let run = try await place.baton(
            "run", "--simulate", "test.lua", environment: ["BATON_LIMITS_SCRIPT_TIME": "50ms"])
        #expect(run.code == 1)
        #expect(run.output.contains("begins"))
        #expect(run.errors.contains("test.lua:2") && run.errors.contains("without waiting"), "\(run.errors)")
    }

    @Test func `what differs from process to process in stock Lua is the same in every process`() async throws {
        let place = try Workplace()
        try place.write(
            """
            local t = {}
            for i = 1, 200 do t["k" .. i * 7919 % 1000] = i t[i * 0.5] = i end
            local keys = {}
            for k in pairs(t) do keys[#keys + 1] = tostring(k) end
            print(table.concat(keys, " "))
            print(tostring(t), tostring(print), ("%p"):format(keys))
            """, to: "test.lua")
        var outputs: Set<String> = []
        for _ in 0..<6 {
            outputs.insert(try await place.baton("run", "--simulate", "test.lua", environment: [:]).output)
        }
        #expect(outputs.count == 1)
        #expect(outputs.first?.contains("table: 0x0000") == true)
    }

    @Test func `a wrong key is exit 4 and names environment and the key's end`() async throws {
        let place = try Workplace()
        try place.write("execute 'a'", to: "test.lua")
        let run = try await StudioServer.withServer(scenario: .anything) { server in
            try await place.baton(
                "run", "test.lua",
                environment: ["BATON_SERVER": server.baseURL, "BATON_API_KEY": "wrong-key-00001234"])
        }
        #expect(run.code == 4)
        #expect(run.errors.contains("environment \"default\", key …1234"))
        #expect(!run.errors.contains("wrong-key"))
    }

    @Test func `a line break in the environment's label is refused and does not show the key`() async throws {
        let place = try Workplace()
        try place.write("execute 'a'", to: "test.lua")
        let run = try await place.baton(
            "run", "test.lua",
            environment: [
                "BATON_SERVER": "http://127.0.0.1:9", "BATON_API_KEY": "secret-key-1234",
                "BATON_ENVIRONMENT": "default\n",
            ])
        #expect(run.code == 64)
        #expect(run.errors.contains("control character"))
        #expect(!run.errors.contains("secret"))
    }

    @Test func `starts that wait for their turn are not sent once they are not wanted`() async throws {
        let place = try Workplace()
        try place.write(
            """
            local t = {}
            for i = 1, 2000 do t[i] = "a" end
            pcall(timeout, 0.01, function() parallel(t) end)
            """, to: "test.lua")
        let scenario = Scenario(others: SimulatedWorkflow(duration: .seconds(3600)))
        let (run, sent) = try await StudioServer.withServer(scenario: scenario) { server in
            let run = try await place.baton(
                "run", "test.lua", environment: ["BATON_SERVER": server.baseURL, "BATON_API_KEY": "simulated-key"])
            return (run, server.jobs().count)
        }
        #expect(run.code == 0, "\(run.errors.suffix(500))")
        #expect(sent < 1000, "\(sent) were sent")
        #expect(run.errors.contains("Not started:"))
    }

    @Test func `no server is exit 5 when the patience is used up`() async throws {
        let place = try Workplace()
        try place.write("pcall(execute, 'a')", to: "test.lua")
        let run = try await place.baton(
            "run", "test.lua",
            environment: [
                "BATON_SERVER": "http://127.0.0.1:9", "BATON_API_KEY": "k-00000000000",
                "BATON_LIMITS_PATIENCE": "300ms",
            ])
        #expect(run.code == 5)
        #expect(run.errors.contains("could not be reached for 300 ms"))
        #expect(run.errors.contains("trying again"))
    }

    @Test func `a key that is missing for the run's own server is exit 64, for another one only where it is used`()
        async throws
    {
        let place = try Workplace()
        try place.write("print(select(2, pcall(execute, { 'a', server = 'other' })).kind)", to: "test.lua")
        try place.write(
            """
            servers:
              local: { url: "http://127.0.0.1:9", api_key_env: PRESENT }
              other: { url: "http://127.0.0.1:9", api_key_env: ABSENT }
            """, to: "baton.yaml")
        let refused = try await place.baton("run", "--server", "other", "test.lua", environment: ["PRESENT": "k"])
        #expect(refused.code == 64)
        #expect(refused.errors.contains("the environment variable ABSENT, which holds it, is not set"))
        let run = try await place.baton("run", "--server", "local", "test.lua", environment: ["PRESENT": "k"])
        #expect(run.code == 0, "\(run.errors)")
        #expect(run.output == "rejected\n")
        #expect(run.errors.contains("ABSENT"))
    }

    @Test func `without a server it says what to configure and never runs against a fake`() async throws {
        let place = try Workplace()
        try place.write("execute 'a'", to: "test.lua")
        let run = try await place.baton("run", "test.lua")
        #expect(run.code == 64)
        #expect(run.errors.contains("api_key_file:"))
        #expect(run.errors.contains("--simulate"))
        #expect(!run.errors.contains("starting"))
    }

    @Test(arguments: [
        ["run"], ["run", "none.lua"], ["run", "--simulat", "x.lua"], ["frobnicate"], ["phases", "a,,b"],
    ])
    func `wrong usage is exit 64`(arguments: [String]) async throws {
        let place = try Workplace()
        let run = try await BatonProcess.run(arguments, in: place.url)
        #expect(run.code == 64, "\(run.errors)")
    }

    @Test func `arguments reach the script`() async throws {
        let place = try Workplace()
        try place.write("print(..., #arg, arg[2])", to: "test.lua")
        let run = try await place.baton("run", "--simulate", "test.lua", "one", "--", "-two")
        #expect(run.output == "one\t-two\t2\t-two\n" || run.output == "one\t2\t-two\n", "\(run.output)\(run.errors)")
    }

    @Test func `a start whose answer is lost, and whose job nobody can tell apart, needs a person`() async throws {
        let run = try await Workplace().run(
            "execute 'lost'", scenario: "{ tells_whose: false, workflows: { lost: { reply: lost } } }")
        #expect(run.code == 8, "\(run.errors)")
        #expect(run.errors.contains("In doubt:\n  lost, started at test.lua:1: the start was sent, and"))
        #expect(run.errors.contains("it may be job 4711") && !run.errors.contains("baton resolve "))
    }

    @Test func `a start whose answer is lost is found in the server's list`() async throws {
        let run = try await Workplace().run(
            "print(execute('lost').state)", scenario: "workflows: { lost: { reply: lost } }")
        #expect(run.code == 0, "\(run.errors)")
        #expect(run.output == "COMPLETED\n")
    }

    @Test func `a start whose answer is lost is found among hundreds of the workflow's own jobs`() async throws {
        let run = try await Workplace().run(
            "for i = 1, 450 do execute 'often' end print(execute('often').state)",
            scenario: """
                { others: { duration: 1ms },
                  faults: [{ fault: lost, operation: executeWorkflow, skip: 450, count: 1 }] }
                """)
        #expect(run.code == 0, "\(run.errors.suffix(2000))")
        #expect(run.output == "COMPLETED\n")
    }

    @Test func `a signal detaches: the job is named and goes on`() async throws {
        let scenario = Scenario(others: SimulatedWorkflow(duration: .seconds(3600)))
        try await StudioServer.withServer(scenario: scenario) { server in
            for (signal, code) in [(.interrupt, 130), (.terminate, 143), (.terminalClosed, 129)] as [(Signal, Int32)] {
                let place = try Workplace()
                try place.write("pcall(execute, 'slow') print 'never'", to: "test.lua")
                let run = try await BatonProcess.run(
                    ["run", "test.lua"],
                    environment: ["BATON_SERVER": server.baseURL, "BATON_API_KEY": "simulated-key"], in: place.url,
                    whenErrorsSay: "accepted as job"
                ) { _, send in try send(signal) }
                #expect(run.code == code)
                #expect(run.errors.contains("Still running on the server:\n  slow (job "))
                #expect(run.output.isEmpty)
            }
            #expect(server.jobs().allSatisfy { $0.state == .running })
        }
    }

    @Test func `standard output that nobody reads does not end a run, and is no success`() async throws {
        let place = try Workplace()
        try place.write("for i = 1, 10000 do print(i) end execute 'a'", to: "test.lua")
        let run = try await BatonProcess.run(
            ["-c", "set -o pipefail; '\(BatonProcess.binary)' run --simulate test.lua 2>errors | head -n 1"],
            in: place.url, executable: "/bin/bash")
        #expect(run.code == 74)
        #expect(run.output == "1\n")
        #expect(try place.read("errors").contains("succeeded"))
    }

    @Test(arguments: ["run --simulate test.lua", "--help", "runs", "config"])
    func `output that a full disk cuts off is reported`(command: String) async throws {
        let place = try Workplace()
        try place.write("print 'a line' execute 'a'", to: "test.lua")
        let run = try await BatonProcess.run(
            ["-c", "'\(BatonProcess.binary)' \(command) 2>errors >/dev/full"], in: place.url, executable: "/bin/bash")
        let errors = try place.read("errors")
        // The library that writes the help looks at nothing.
        #expect(
            command == "--help" || run.code == 74 || run.code == 0 && !errors.contains("output"),
            "\(run.code) \(errors)")
        if command.hasPrefix("run ") {
            #expect(errors.contains("Not all of the output could be written: No space left"))
        }
    }
}
