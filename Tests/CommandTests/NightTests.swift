import Foundation
import JSON
import Testing

/// `baton test`: nights that are played.
@Suite struct NightTests {
    private static let script = """
        phase "load"
        local load = execute { "load", params = { region = param("region", "EU") } }
        phase "match"
        parallel { "match", { "orders", retries = 1, retry_delay = "5m" } }
        notify("matched")
        phase "publish"
        execute "publish"
        print("published after " .. load.duration)
        """

    private func test(
        _ cases: String, _ options: String..., beside scripts: [String: String] = [:]
    ) async throws -> BatonProcess.Finished {
        let place = try Workplace()
        for (name, text) in scripts { try place.write(text, to: name) }
        try place.write(Self.script, to: "n.lua")
        try place.write("local test = require \"baton.test\"\n" + cases, to: "n_test.lua")
        return try await BatonProcess.run(["test"] + options, in: place.url)
    }

    @Test func `a case sees everything that came of its night`() async throws {
        let run = try await test(
            """
            test.case("all of it", function()
              local night = test.run {
                "n.lua", params = { region = "US" }, at = "22:00", zone = "Europe/Berlin",
                scenario = { others = { duration = "1h" }, workflows = { orders = { failures = 1, duration = "2h" } } },
                history = { load = { "50m" } }, crashes = { "30m" },
              }
              test.ended(night, { exit_code = 0, status = "succeeded" })
              test.started(night, { { "load", params = { region = "US" } }, { "match", "orders" }, "orders", "publish" })
              test.before(night, "load", "match")
              test.together(night, "match", "orders")
              test.not_started(night, "other", "another")
              test.printed(night, "published after 3600")
              test.notified(night, "matched")
              test.equal(night.started[2].state, "COMPLETED")
              test.equal(night.started[3].state, "FAILED")
              test.equal({ night.steps[3].name, night.steps[3].phase, night.deaths }, { "orders", "match", 1 })
              test.check(night.duration > seconds "6h" and night.duration < seconds "6h10m", night.duration)
            end)
            """)
        #expect(run.code == 0, "\(run.output)")
        #expect(run.output.contains("1 case: 1 passed"))
    }

    @Test func `a failure shows the night with the difference`() async throws {
        let run = try await test(
            """
            test.case("a match is forgotten", function()
              local night = test.run { "n.lua" }
              test.started(night, { "load", { "match", "orders" }, "archive" })
            end)
            """)
        #expect(run.code == 1)
        let lines = run.output.replacing(/\\([\\d.]+ m?s\\)/, with: "(-)")
        #expect(
            lines.hasPrefix(
                """
                n_test.lua
                  ✗ a match is forgotten
                """))
        #expect(
            run.output.contains(
                """
                      n_test.lua:4: archive was expected to be started, not publish
                        expected  load → match, orders (in any order) → archive
                        started     load { region = "EU" }
                                    match
                                    orders
                                  ! publish

                      n.lua
                      ├─ load
                      │  └─ ✓ load          completed     1.0 s     job 4711
                      ├─ match
                      │  ├─ ✓ match         completed     1.0 s     job 4712
                      │  └─ ✓ orders        completed     1.0 s     job 4713
                      └─ publish
                         └─ ✓ publish       completed     1.0 s     job 4714  (← not expected)
                         - archive  never started  ← expected here

                """), "\(run.output)")
        #expect(run.output.hasSuffix("\n"))
    }

    @Test(arguments: [
        ("test.ended(night, 1)", "exit_code of the night\n        expected  1\n        got       0"),
        ("test.ended(night, { kind = 'failed' })", "kind of the night"),
        ("test.ended(night, { knid = 'failed' })", "\"knid\" is none of exit_code"),
        ("test.ended(night, { message = 'Row' })", "the error's message"),
        ("test.not_started(night, 'match')", "match was started, and was expected not to be"),
        ("test.before(night, 'match', 'orders')", "before match had ended"),
        ("test.before(night, 'none', 'orders')", "test.before: none was never started"),
        ("test.together(night, 'load', 'match')", "load, match did not run at the same time"),
        ("test.printed(night, 'nothing')", "a line with \"nothing\" was expected to be printed"),
        ("test.notified(night, 'nothing')", "people were expected to be told of \"nothing\""),
        (
            "test.equal({ a = { 1, 2 } }, { a = { 1, 3 } }, 'the list')",
            "the list.a[2]\n        expected  3\n        got       2"
        ),
        ("test.check(false, 'because')", "because"), ("error 'mine'", "mine"), ("error { code = 1 }", "table"),
        ("test.run { 'absent.lua' }", "There is no script absent.lua."),
        ("test.run { 'n.lua', scenaro = {} }", "unknown option \"scenaro\" (did you mean \"scenario\"?)"),
        ("test.run { 'n.lua', scenario = { others = { duraton = '1h' } } }", "duraton"),
        ("test.run { 'n.lua', crashes = { 'soon' } }", "crashes takes seconds or a duration"),
        ("test.run {}", "the script is missing"), ("test.run(3)", "test.run: a table was expected"),
    ])
    func `an expectation that does not hold says so at its line`(statement: String, words: String) async throws {
        let run = try await test("test.case('it', function()\n  local night = test.run 'n.lua'\n  \(statement)\nend)")
        #expect(run.code == 1)
        #expect(run.output.contains(words), "\(run.output)")
        if !statement.contains("{ code") { #expect(run.output.contains("n_test.lua:4:"), "\(run.output)") }
    }

    @Test func `a script that a run would refuse is refused`() async throws {
        let place = try Workplace()
        try place.write("execute { 'a', timeot = 1 }\nparam 'day'", to: "n.lua")
        try place.write(
            """
            local test = require "baton.test"
            test.case("it", function()
              local night = test.run "n.lua"
              test.ended(night, { exit_code = 64, status = "refused" })
              test.check(night.refused[1]:find "timeot")
            end)
            """, to: "n_test.lua")
        let run = try await place.baton("test")
        #expect(run.code == 0, "\(run.output)")
    }

    @Test func `nothing is started twice wherever the process dies, and however often`() async throws {
        let run = try await test(
            """
            for _, script in ipairs { "n.lua" } do
              for _, delay in ipairs { "1s", "10m" } do
                test.case("resumed after " .. delay, function()
                  local night = test.run {
                    script, crashes = "everywhere", resumes_after = delay,
                    scenario = { others = { duration = "1h" }, faults = { { fault = "lost", operation = "executeWorkflow", count = 1 } } },
                  }
                  test.ended(night, 0)
                  test.started(night, { "load", { "match", "orders" }, "publish" })
                  test.check(night.deaths > 10, night.deaths)
                end)
              end
            end
            """)
        #expect(run.code == 0, "\(run.output)")
    }

    @Test func `a night that is cancelled, or out of time, ends with what it has to do then`() async throws {
        let run = try await test(
            """
            local scenario = { workflows = { load = { duration = "1h" } }, others = { duration = "1s" } }
            test.case("cancelled while it is dead", function()
              for _, crashes in ipairs { { "599s" }, "everywhere" } do
              local night = test.run { "f.lua", scenario = scenario, cancel_at = "10m", crashes = crashes }
              test.equal({ night.status, night.output[1], night.started[2].label }, { "cancelled", "cancelled", "clean" })
              end
            end)
            test.case("out of time", function()
              local night = test.run { "f.lua", scenario = scenario, run_timeout = "30m" }
              test.equal({ night.status, night.output[1], night.running[1] }, { "timeout", "timeout", "load" })
            end)
            """, beside: ["f.lua": "finally(function(e) print(e.reason) execute 'clean' end) execute 'load'"])
        #expect(run.code == 0, "\(run.output)")
    }

    @Test func `files appear during a night, and parameters are compared as they are sent`() async throws {
        let run = try await test(
            """
            test.case("the file comes after two hours", function()
              local night = test.run { "f.lua", files = { ["/in/a.csv"] = { size = 1, appears = "2h" } } }
              test.started(night, { { "load", params = { size = 1 } } })
              test.check(night.started[1].at >= 7200 and night.started[1].at < 7300)
            end)
            test.case("nobody decides", function()
              local night = test.run { "g.lua", approvals = { go = "nobody" } }
              test.ended(night, { status = "timeout", kind = "timeout" })
            end)
            test.case("an unknown word", function()
              local ok, problem = pcall(test.run, { "f.lua", files = { ["/in/a.csv"] = { size = 1, from = "2h" } } })
              test.check(not ok and tostring(problem):find("from is unknown", 1, true))
            end)
            """,
            beside: [
                "f.lua": """
                wait_until(function() return file.stat "/in/a.csv" end, { every = "1m", timeout = "5h" })
                execute { "load", params = { size = file.list("/in/*.csv")[1].size } }
                """, "g.lua": "approve('go', { timeout = '1h' })",
            ])
        #expect(run.code == 0, "\(run.output)\(run.errors)")
    }

    @Test func `a death while jobs end makes no night endless`() async throws {
        let place = try Workplace()
        try place.write(
            """
            parallel { 'a', chain { 'b', 'c' }, function() sleep(1) execute 'd' end }
            print(wait(start 'e').state, state 'a')
            """, to: "n.lua")
        try place.write(
            """
            local test = require "baton.test"
            for _, delay in ipairs { "0s", "1s", "5s", "1m" } do
              test.case(delay, function()
                test.ended(test.run { "n.lua", crashes = "everywhere", resumes_after = delay }, 0)
              end)
            end
            """, to: "n_test.lua")
        let run = try await place.baton("test")
        #expect(run.code == 0, "\(run.output)")
    }

    @Test func `programs and build servers are told`() async throws {
        let place = try Workplace()
        try place.write("execute 'a'", to: "n.lua")
        try place.write(
            """
            local test = require "baton.test"
            test.case("good <1> & \\"quoted\\"", function() test.ended(test.run "n.lua", 0) end)
            test.case("bad one", function() print "said"; test.ended(test.run "n.lua", 3) end)
            """, to: "n_test.lua")
        let run = try await place.baton("test", "--json", "--junit", "out.xml")
        #expect(run.code == 1)
        let events = try run.output.split(separator: "\n").map { try JSON(parsing: Array($0.utf8)) }
        #expect(events.map { $0["passed"] } == [true, false, nil])
        #expect(events[1]["output"]?.elements == ["said"] && events[1]["line"] == 3)
        #expect(events[2]["cases"] == 2 && events[2]["failed"] == 1)
        let parser = XMLReader(try place.read("out.xml"))
        #expect(parser.names == ["good <1> & \"quoted\"", "bad one"])
        #expect(parser.failures.first?.contains("exit_code of the night") == true)
        let filtered = try await place.baton("test", "--filter", "good")
        #expect(filtered.code == 0 && filtered.output.contains("1 case: 1 passed"))
        #expect(try await place.baton("test", "--filter", "none").code == 64)
    }

    @Test func `what init writes is found right, and its tests pass`() async throws {
        let place = try Workplace()
        #expect(try await place.baton("init").code == 0)
        let run = try await place.baton("test")
        #expect(run.code == 0 && run.output.contains("3 cases: 3 passed"), "\(run.output)\(run.errors)")
        let check = try await place.baton("check", ".")
        #expect(check.code == 0 && check.output == "2 scripts: nothing found\n", "\(check.output)")
        #expect(try place.read(".baton/types/baton.lua").hasPrefix("---@meta"))
        #expect(try JSON(parsing: Array(place.read(".luarc.json").utf8))["runtime.version"] == "Lua 5.4")
        // What editors know of test files is what the library has, and what a night has.
        let tests = try place.read(".baton/types/baton.test.lua")
        let library = try String(
            contentsOf: BatonProcess.root.appendingPathComponent("Sources/BatonCommands/Resources/test.lua"),
            encoding: .utf8)
        func functions(_ text: String) -> Set<String> {
            Set(text.matches(of: /(?m)^(?:function )?test\.([a-z_]+)(?:\(| = host)/).map { String($0.1) })
        }
        #expect(functions(tests) == functions(library) && functions(tests).count == 11)
        let page = try String(
            contentsOf: BatonProcess.root.appendingPathComponent("docs/testing.md"), encoding: .utf8)
        for name in functions(library) { #expect(page.contains("test.\(name)"), "\(name)") }
        for field in tests.matches(of: /---@field (\w+)\??/).map({ String($0.1) }) {
            #expect(page.contains("`\(field)`"), "\(field)")
        }
        let types = try await place.baton("types")
        #expect(types.output == (try place.read(".baton/types/baton.lua")))
    }

    @Test func `a file that is no test says so`() async throws {
        let place = try Workplace()
        try place.write("local test = require 'baton.test'\nnosuch()", to: "a_test.lua")
        try place.write("print 'x'", to: "b_test.lua")
        try place.write("if", to: "c_test.lua")
        let run = try await place.baton("test")
        #expect(run.code == 1)
        for words in ["a_test.lua:2: ", "there is no case", "c_test.lua:1:"] {
            #expect(run.output.contains(words), "\(run.output)")
        }
        #expect(try await Workplace().baton("test").code == 64)
    }

    /// The names of cases and the texts of failures, as a parser of XML has them.
    private final class XMLReader {
        var names: [String] = []
        var failures: [String] = []

        init(_ text: String) {
            func unescaped(_ text: Substring) -> String {
                String(text).replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
                    .replacing("&#10;", with: "\n").replacing("&amp;", with: "&")
            }
            names = text.matches(of: /<testcase name="([^"<]*)"/).map { unescaped($0.1) }
            failures = text.matches(of: /<failure message="[^"<]*">([^<]*)<\/failure>/).map { unescaped($0.1) }
        }
    }
}
