import Orchestration
import Testing

/// What is found before anything starts, and what is left alone.
@Suite struct PreflightTests {
    @Test(arguments: [
        (#"execute { "a", timeot = 3 }"#, #"1: execute: unknown option "timeot" (did you mean "timeout"?)"#),
        ("\nstart(\"a\", { nme = 'x' })", #"2: start: unknown option "nme" (did you mean "name"?)"#),
        (#"execute({ "a", check = function() return { b = 1 } end, mi = 1 })"#, #"unknown option "mi""#),
        (#"parallel { "a", limt = 3 }"#, #"unknown option "limt" (did you mean "limit"?)"#),
        (#"parallel { { "a", mx = 3 } }"#, #"unknown option "mx" (did you mean "max"?)"#),
        (#"retry({ tims = 3 }, f)"#, #"retry: unknown option "tims" (did you mean "times"?)"#),
        (#"notify { titel = "x", text = "y" }"#, #"notify: unknown option "titel" (did you mean "title"?)"#),
        (#"defaults { timeuot = 3 }"#, #"defaults: unknown option "timeuot" (did you mean "timeout"?)"#),
        (#"execute "a" { timeout = 3 }"#, #"options stand in the same table, execute { "a", … }"#),
        (#"chain { "a", "b" }"#, "a chain by itself does not run"),
        ("execute 'a' --[[ x ]] chain { 'a' }", "a chain by itself does not run"),
    ])
    func `what is certainly wrong is found, with its line`(script: String, finding: String) {
        let findings = Preflight.findings(in: script, name: "n.lua")
        #expect(findings.count == 1, "\(findings)")
        #expect(findings.first?.contains(finding) == true, "\(findings)")
        #expect(findings.first?.hasPrefix("n.lua:") == true)
    }

    @Test(arguments: [
        #"execute { "a", timeout = 3, params = { timeot = 1 } }"#,
        #"local function execute(t) end execute { "a", timeot = 3 }"#,
        #"local function f(execute) execute { "a", timeot = 3 } end"#,
        #"execute = print execute { "a", timeot = 3 }"#,
        #"x.execute { "a", timeot = 3 }"#,
        #"-- execute { "a", timeot = 3 }"#,
        "--[==[ execute { 'a', timeot = 3 } ]==]",
        #"print [[execute { "a", timeot = 3 }]]"#,
        #"print 'it\'s execute { "a", timeot = 3 }'"#,
        #"execute { "a", check = function(r) local x = 1 if x == 1 then x = 2 end return true end }"#,
        #"parallel { chain { "a" }, chain { "b" } }"#,
        #"local c = chain { "a" } wait(c)"#,
        #"wait(chain { "a" })"#,
        #"parallel { { "a", max = 1 }, function() x = { y = 1 } end, limit = 1, on_failure = "collect", min = 3 }"#,
        "",
    ])
    func `what may be right is left alone`(script: String) {
        #expect(Preflight.findings(in: script, name: "n.lua").isEmpty)
    }
}
