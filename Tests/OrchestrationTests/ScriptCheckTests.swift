import Orchestration
import Testing

/// What is found before anything starts, and what is left alone.
@Suite struct ScriptCheckTests {
    private func findings(_ script: String) -> [Finding] {
        ScriptSource(script, name: "n.lua").findings
    }

    private func certain(_ script: String) -> [String] {
        findings(script).filter(\.isCertain).map(\.description)
    }

    @Test(arguments: [
        (#"execute { "a", timeot = 3 }"#, #"1:16: execute: unknown option "timeot" (did you mean "timeout"?)"#),
        ("\nstart(\"a\", { nme = 'x' })", #"2:14: start: unknown option "nme" (did you mean "name"?)"#),
        (#"execute({ "a", check = function() return { b = 1 } end, mi = 1 })"#, #"1:57: execute: unknown option "mi""#),
        (#"parallel { "a", limt = 3 }"#, #"1:17: parallel: unknown option "limt" (did you mean "limit"?)"#),
        (#"parallel { { "a", mx = 3 } }"#, #"1:19: parallel: unknown option "mx" (did you mean "max"?)"#),
        (#"retry({ tims = 3 }, print)"#, #"1:9: retry: unknown option "tims" (did you mean "times"?)"#),
        (#"notify { titel = "x", text = "y" }"#, #"1:10: notify: unknown option "titel" (did you mean "title"?)"#),
        (#"defaults { timeuot = 3 }"#, #"1:12: defaults: unknown option "timeuot" (did you mean "timeout"?)"#),
        (
            #"execute "a" { timeout = 3 }"#,
            #"1:1: execute: "a" { … } calls what it returns: options stand in the same table, execute { "a", … }"#
        ),
        (#"chain { "a", "b" }"#, "1:1: chain: a chain by itself does not run"),
        ("execute 'a' --[[ x ]] chain { 'a' }", "1:23: chain: a chain by itself does not run"),
    ])
    func `what is certainly wrong is found, with its line`(script: String, finding: String) {
        let findings = certain(script)
        #expect(findings.count == 1, "\(findings)")
        #expect(findings.first?.hasPrefix("n.lua:" + finding) == true, "\(findings)")
    }

    @Test(arguments: [
        #"execute { "a", timeout = 3, params = { timeot = 1 } }"#,
        #"local function execute(t) end execute { "a", timeot = 3 }"#,
        #"local function f(execute) execute { "a", timeot = 3 } end"#,
        #"execute = print execute { "a", timeot = 3 }"#,
        #"local x = {} x.execute { "a", timeot = 3 }"#,
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
        #expect(certain(script) == [])
    }

    @Test(arguments: [
        (#"execute { "a", timeout = "soon" }"#, Finding.Code.wrongType, 1, 26),
        ("execute {\n  \"a\",\n  max = true,\n}", .wrongType, 3, 9),
        (#"execute { "a", min = "2h", max = "1h" }"#, .wrongType, 1, 16),
        (#"execute { timeout = "1h" }"#, .wrongType, 1, 9), (#"execute { "a", "b" }"#, .wrongType, 1, 16),
        (#"local limit = "soon" execute { "a", timeout = limit }"#, .wrongType, 1, 47),
        (#"parallel { "a", 3 }"#, .wrongType, 1, 17), (#"parallel { "a", { max = 3 } }"#, .wrongType, 1, 17),
        (#"parallel { "a", nil, "b" }"#, .wrongType, 1, 17), (#"start { "a", retries = -1 }"#, .wrongType, 1, 24),
        ("sleep(-1)", .wrongType, 1, 7), (#"wait "5m""#, .wrongType, 1, 6), ("param(3)", .wrongType, 1, 7),
        (#"deadline("6 o'clock", print)"#, .wrongType, 1, 10), (#"retry({ on = "faild" }, print)"#, .wrongType, 1, 14),
        (#"local s = server "x" s.execute { "a", max = {} }"#, .wrongType, 1, 45),
        (#"execute { "a", sources = { { source = "s" } } }"#, .wrongType, 1, 26),
        ("execute()", .wrongArguments, 1, 1), (#"sleep("1s", 2)"#, .wrongArguments, 1, 13),
        (#"timeout(function() end, "1h")"#, .swappedArguments, 1, 9), (#"phase(print, "x")"#, .swappedArguments, 1, 7),
        (#"expect("no rows", rows)  rows = 1"#, .swappedArguments, 1, 8),
        (#"pcall(timeout, print, "1h")"#, .swappedArguments, 1, 16),
        (#"parallel_each(function() end, { "a" })"#, .swappedArguments, 1, 15),
        (#"local r = execute "a" .. "b""#, .appendedResult, 1, 11),
        (#"parallel { execute "a", "b" }"#, .calledItem, 1, 12),
        (#"parallel("b", execute "a")"#, .calledItem, 1, 15), (#"wait(execute "a")"#, .cannotWait, 1, 6),
        (#"xpcall(print, function() sleep(1) end)"#, .cannotWait, 1, 26),
        (#"if param "x" then fail "no" execute "a" end"#, .unreachable, 1, 29),
        (#"local state = state "a" print(state "b")"#, .hiddenFunction, 1, 31),
        (#"timeout("1h", execute "a")"#, .calledItem, 1, 15), (#"spawn(execute "a")"#, .calledItem, 1, 7),
        (#"parallel({ "a", "b" }, { limit = 2 })"#, .wrongType, 1, 24),
        ("function execute() end", .assignedFunction, 1, 10), ("start = 3", .assignedFunction, 1, 1),
        (#"local late = now() > "06:00""#, .comparedTime, 1, 22),
        (#"local new = run.started == "2026-12-25""#, .comparedTime, 1, 28),
        (#"if state "load" == "Completed" then finish() end"#, .comparedState, 1, 20),
        (#"local a = start "a" if a and "DONE" ~= state(a) then finish() end"#, .comparedState, 1, 30),
        (#"studio.wrokflows()"#, .unknownField, 1, 8), (#"log.wran "x""#, .unknownField, 1, 5),
        (#"local h = os.getenv "HOME""#, .unknownField, 1, 14), (#"pcall(exeucte, "a")"#, .unknownGlobal, 1, 7),
    ])
    func `each kind of mistake is found once, at its place`(
        script: String, code: Finding.Code, line: Int, column: Int
    ) {
        let found = findings(script)
        #expect(found.map(\.code) == [code], "\(found)")
        #expect(found.first?.line == line && found.first?.column == column, "\(found)")
    }

    @Test(arguments: [
        #"local execute = execute execute "a""#, #"local s, j = state "a" print(s, j)"#,
        #"parallel { "a", start "b", function() execute "c" end, false, chain { "d" }, spawn(print) }"#,
        #"local items = {} parallel(items) parallel { table.unpack(items) }"#,
        #"execute { param "label", timeout = param("timeout", "2h") }"#, #"execute(table.unpack { "a", {} })"#,
        #"local handles = { start "a" } wait(handles) wait(handles, "5m") wait_any(handles)"#,
        #"wait(chain { "a" })"#, #"if x then fail "no" end execute "a" x = 1"#, "fail() goto out ::out::",
        #"timeout("1h", execute, "a")"#, #"phase "a" phase("b", execute, "c")"#, #"expect(#arg > 0, "none")"#,
        #"local late = os.date("%H:%M") > "06:00" print(late)"#, #"notify("a") notify { text = "b" }"#,
        #"retry({ on = { "failed", "timeout" }, delay = 60 * 5 }, execute, "a")"#, #"print("a" .. param "b")"#,
        #"local t = {} t.started = "now" print(t.x == "y")"#, #"json.decode("{}", { null = true })"#,
        #"execute { "a", timeout = nil, params = { n = 1, f = true, t = "x" } }"#, #"execute("a", nil)"#,
        "string.trim = function(s) return s end string.trim 'x'", #"history("a", 5)"#, "finish() ",
    ])
    func `nothing is said of what is right`(script: String) {
        #expect(findings(script).map(\.description) == [])
    }

    @Test(arguments: [
        ("local function f()\n  if x then\n    print(1)\nend\n\nf()\n", 2, "this 'if' has no 'end'"),
        ("parallel {\n  function()\n    sleep(1),\n  \"a\",\n}", 2, "this 'function' has no 'end'"),
        ("for i = 1, 3 do\n  print(i)\n", 1, "this 'for' has no 'end'"),
        ("repeat\n  sleep(1)\nif x then end", 1, "this 'repeat' has no 'until'"),
        ("print(1\nprint(2)\nend", 2, "')' expected"), ("x = = 3", 1, "unexpected symbol"),
        ("if x the\n  y()\nend", 1, "'then' expected near 'the'"), ("print(1) end", 1, "<eof> expected near 'end'"),
    ])
    func `a text that does not parse is mended where it says`(script: String, line: Int, words: String) {
        let finding = ScriptSource.syntaxFinding(in: script, name: "n.lua")
        #expect(finding?.line == line && finding?.message.contains(words) == true, "\(String(describing: finding))")
    }

    @Test(arguments: [
        "local unpack = unpack or table.unpack print(unpack)", "local jobs = {} if job then print(jobs) end",
        #"print("waits " .. seconds "2h" .. " s")"#, #"finish "a" .. x"#,
        "local function f() sleep(.5) g() end function g() end f()",
        #"param("1st-day", "monday")"#, #"_G.timeout = function(fn, t) end timeout(print, "1h")"#,
        #"log["trace"] = print log.trace "x""#, "if studio.new_thing then studio.new_thing() end",
        #"xpcall(print, function(e) undo = function() execute "rollback" end return e end)"#,
        #"parallel { expect(label, "no label"), "b" } label = "a""#,
        #"local t = spawn(print) parallel { wait(t), "b" }"#,
        #"retry({ times = 1e3 }, print)"#, #"execute { "a", nil }"#, #"parallel { { "a", nil } }"#,
        "local function f() end execute { 'a', f() }", #"execute("a", { ... })"#, "expect(1 == 1, false)",
        #"expect("x", "y")"#,
        #"function server(n) return { execute = print } end local s = server "x" s.execute("a", 3)"#,
        #"local s = server "x" s.finish = print s.finish(1, 2)"#,
        #"local timeout = "2h" execute { "x", timeout = timeout }"#,
        "for _, state in ipairs { 'a' } do print(state) end", "local function wait(n) return n end print(wait(3))",
        #"local f = start local wait = f wait "a""#, #"parallel({ "a" }, { "b", max = "1h" })"#,
        #"parallel { "a", detach = true }"#, #"parallel { "a", sleep "5m" }"#,
        #"wait(wait(spawn(function() return start "a" end)))"#,
        "parallel { 'a', nil }", #"timeout("1h", param("x", print))"#,
    ])
    func `what would run well is never refused`(script: String) {
        #expect(certain(script) == [])
    }

    @Test func `a hostile text is read without a crash`() {
        let deep = String(repeating: "(", count: 150) + "1" + String(repeating: ")", count: 150)
        let long = (0..<20_000).map { _ in "1" }.joined(separator: " + ")
        let calls = "f" + String(repeating: "(1)", count: 20_000)
        for text in [
            "x = " + deep, "x = " + long, "f = print " + calls, "execute {" + String(repeating: "{", count: 100),
        ] {
            _ = findings(text)
        }
        #expect(findings("x = " + long) == [])
    }

    @Test func `every function and option is known by its types`() throws {
        let reference = Set(LibraryReference.functions.map(\.name))
        let known = Set(Signature.library.keys.map { $0.hasPrefix("log.") ? "log" : $0 }).union(Signature.values.keys)
        #expect(reference.symmetricDifference(known) == ["print"])
        #expect(Set(LibraryReference.stepOptions.map(\.name)) == Set(LibraryOption.steps.map(\.name)))
    }
}
