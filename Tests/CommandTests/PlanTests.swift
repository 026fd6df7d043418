import DataStudio
import Foundation
import JSON
import SimulatedStudio
import StudioServer
import Testing

/// `baton plan`: a script walked through in virtual time.
@Suite struct PlanTests {
    private static let script = """
        phase "load"
        execute "load"
        phase "match"
        parallel { { "match", name = "match north" }, { "match", name = "match south" }, chain { "orders", "invoices" } }
        phase "publish"
        execute "publish"
        """

    @Test func `a plan has the steps, the critical path and the end, and leaves nothing behind`() async throws {
        let place = try Workplace()
        try place.write(Self.script, to: "n.lua")
        let plan = try await place.baton(
            "plan", "--assume", "20m", "--at", "2026-12-25 22:00", "n.lua",
            environment: ["TZ": "UTC", "COLUMNS": "200"])
        #expect(plan.code == 0)
        #expect(
            plan.output == """
                n.lua
                ├─ load
                │  └─ ✓ load          completed     20m 0s
                ├─ match
                │  ├─ ✓ match north   completed     20m 0s
                │  ├─ ✓ match south   completed     20m 0s
                │  ├─ ✓ orders        completed     20m 0s
                │  └─ ✓ invoices      completed     20m 0s
                └─ publish
                   └─ ✓ publish       completed     20m 0s

                Critical path  load (20m 0s) → orders (20m 0s) → invoices (20m 0s) → publish
                               (20m 0s)
                Takes          1h 20m
                Begins         2026-12-25 22:00:00 UTC
                Ends           2026-12-25 23:20:00 UTC
                Assumed        20m 0s, as nothing is known of it: load, match north, match
                               south, orders, invoices, publish

                """, "\(plan.output)")
        #expect(plan.errors == "")
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.url.path) == ["n.lua"])
    }

    @Test func `what if a workflow fails, and how another stands`() async throws {
        let place = try Workplace()
        try place.write("if state 'other' == 'RUNNING' then execute 'b' else execute 'c' end", to: "n.lua")
        let fails = try await place.baton("plan", "--json", "--fail", "b", "--state", "other=RUNNING", "n.lua")
        #expect(fails.code == 1)
        let json = try JSON(parsing: Array(fails.output.utf8))
        #expect(json["state"] == "failed" && json["exit_code"] == 1)
        #expect(json["error"] == "n.lua:1: b: the job FAILED")
        #expect(json["steps"]?.elements?.map { $0["label"] } == ["b"])
        let other = try await place.baton("plan", "--json", "--fail", "b", "--state", "other=completed", "n.lua")
        #expect(other.code == 0)
        #expect(try JSON(parsing: Array(other.output.utf8))["critical_path"]?.elements?.map { $0["name"] } == ["c"])
    }

    @Test(arguments: [
        "execute 'a'\nwhile state 'b' ~= 'COMPLETED' do\n  sleep '10m'\nend",
        "execute 'a'\nwait_until(function()\n  return state 'b' == 'COMPLETED' end, { every = '10m' })",
        "execute 'a'\nspawn(function()\n  sleep '300d' end)",
    ])
    func `a loop that does not end is stopped and named`(script: String) async throws {
        let place = try Workplace()
        try place.write(script, to: "n.lua")
        let plan = try await place.baton("plan", "n.lua")
        #expect(plan.code == 1)
        #expect(plan.output.contains("Does not end  stopped after 7d 0h: it waits at n.lua:"), "\(plan.output)")
        let line = script.contains("wait_until") ? "n.lua:2" : "n.lua:3"
        #expect(plan.output.contains("it waits at \(line)"), "\(plan.output)")
    }

    @Test func `no server is asked without being told to, and with it none is changed`() async throws {
        try await Workplace.with("workflows: { load: { duration: 50ms }, publish: {} }") { place, server in
            try place.write(
                "execute 'load'\nnotify 'x'\nif state 'load' then execute 'publish' end\ncancel(start 'load')",
                to: "n.lua")
            #expect(try await place.baton("plan", "n.lua").code == 0)
            #expect(server.log.isEmpty)
            #expect(try await place.baton("run", "n.lua").errors.contains("load: accepted"))
            let before = server.log.count
            let started = server.starts.count
            #expect(started > 0)
            let plan = try await place.baton("plan", "--online", "--json", "n.lua")
            let asked = server.log.dropFirst(before)
            #expect(!asked.isEmpty)
            #expect(asked.allSatisfy { $0.method == "GET" }, "\(asked)")
            #expect(server.starts.count == started)
            let json = try JSON(parsing: Array(plan.output.utf8))
            // What is known of the journal and of the server is not assumed.
            #expect(json["assumed"]?.elements?.contains("load") == false, "\(json.jsonText)")
            try place.write("execute 'pubilsh'", to: "other.lua")
            let wrong = try await place.baton("plan", "--server", "studio", "other.lua")
            #expect(wrong.code == 1)
            #expect(wrong.output.contains("other.lua:1: pubilsh: the server refused (404)"), "\(wrong.output)")
        }
    }

    @Test func `a plan can be a page`() async throws {
        let place = try Workplace()
        try place.write(Self.script, to: "n.lua")
        #expect(try await place.baton("plan", "--html", "plan.html", "n.lua").code == 0)
        let page = try place.read("plan.html")
        #expect(page.contains("n.lua as it is planned"))
        for name in ["load", "match north", "invoices"] { #expect(page.contains(">\(name)<"), "\(name)") }
    }

    @Test(arguments: [
        (["--assume", "soon"], "--assume takes a duration such as 10m"), (["--at", "6 pm"], "--at takes a time"),
        (["--state", "a=DONE"], "--state: there is no state \"DONE\""), (["--state", "a"], "--state takes NAME=VALUE"),
        (["--online"], "No server is configured."),
        (["--param", "day=1"], "the script reads no parameter of that name"),
    ])
    func `wrong usage is told, with exit code 64`(options: [String], words: String) async throws {
        let place = try Workplace()
        try place.write("execute 'a'", to: "n.lua")
        let plan = try await BatonProcess.run(["plan"] + options + ["n.lua"], in: place.url)
        #expect(plan.code == 64)
        #expect(plan.errors.contains(words), "\(plan.errors)")
    }
}
