import Foundation
import Orchestration
import Testing

/// What the text of a script tells of the run it is to be: misspelt names, parameters, secrets, labels. A wrong alarm would
/// cost a night.
@Suite struct ScriptSourceTests {
    private func globals(_ script: String, modules: [String: String] = [:]) -> [String] {
        ScriptSource(script, name: "n.lua", modules: modules).findings.filter { $0.code == .unknownGlobal }
            .map(\.description)
    }

    @Test(arguments: [
        ("exeucte 'a'", #"n.lua:1:1: nothing is called "exeucte" here (did you mean "execute"?)"#),
        (
            "local region = 1\nif regoin then end",
            #"n.lua:2:4: nothing is called "regoin" here (did you mean "region"?)"#
        ),
        ("nosuch() nosuch()", #"n.lua:1:1: nothing is called "nosuch" here"#),
        ("parallel { function() exceute 'a' end }", #"nothing is called "exceute" here (did you mean "execute"?)"#),
        ("return mystery.b.c", #"nothing is called "mystery" here"#),
        ("mystery.y = 1", #"nothing is called "mystery" here"#),
    ])
    func `a name that nobody gives a value is found`(script: String, finding: String) {
        let found = globals(script)
        #expect(!found.isEmpty, "\(found)")
        #expect(found.first?.contains(finding) == true, "\(found)")
    }

    @Test(arguments: [
        "local a, b <const>, c <close> = 1, 2, nil print(a, b, c)",
        "local function f(x, y, ...) return x + y, ... end print(f(1, 2))",
        "function total(list) local sum = 0 for i, v in ipairs(list) do sum = sum + v * i end return sum end print(total {})",
        "for i = 1, 3 do print(i) end for k, v in pairs {} do print(k, v) end",
        "a, b = 1, 2 print(a, b)", "a, t.x, b = 1, 2, 3 t = {} print(a, b, t)", "a.b = 1 a = {}",
        "t = { f = function(self) return self.x end } function t.g(y) return y end function t:h(z) return self, z end t:h(t.g(1))",
        "goto done ::done:: print 'x'", "while true do if x then break end x = true end",
        "print([[nothing is called this]], '\\'neither this', \"nor \\\"this\") -- or this\n--[==[ or\nthis ]==]",
        "repeat local done = true until done", "local t = { [1] = 2, name = 3; other = 4 } print(t.name, t.other)",
        "print(#arg, ..., params.region, run.date, json.null, os.date(), string.format('%d', 1), utf8.char(65))",
        "local s = server 'staging' s.execute 'a' s.studio.jobs()", "x = x or 1", "print(_G.anything)",
        "local _ENV = {} y()",
        "load('z = 1')() print(z)",
        "local ok, problem = pcall(function() error { kind = 'mine' } end) print(ok, problem.kind)",
        "local a = 1; local function b() return a end; (b or a)()",
        "print(1 < 2, 3 > 2, a1) a1 = 0x1p4 + 0xff + 1e3 + 3",
        "local x <const> = 5 print(x)",
        "do local a = function(...) local n = select('#', ...) return n end print(a()) end",
        "for _, region in ipairs { 'north', 'south' } do execute { 'a', params = { region = region } } end",
        "local M = {} function M.nested.deep.f(a1, b1) return a1, b1 end return M",
        "local function outer() local function inner(p) return p end return inner end outer()(1)",
        "if not a then local b = 1 print(b) elseif c then a = 1 else c = 2 end",
        "if DEBUG then print 'x' end local v = OPTIONAL or 'default' print(type(UNDEFINED), v)",
        "local x, y = (function(u, v) return u, v end)(1, 2) print(x, y)", "",
        "if jit then jit.on() end", "print(jit and jit.version)", "return T == nil and 1 or T.x(2)",
        "if type(unpack) == 'function' then unpack {} end", "local t = not (setfenv) or setfenv(1, {})",
        "while T do T.next() end repeat U() until not U",
    ])
    func `what has a value is left alone`(script: String) {
        #expect(globals(script) == [], "\(script)")
    }

    @Test func `a global of a module is known to the script, and a module is looked at as well`() {
        #expect(globals("require 'lib' helper()", modules: ["lib": "function helper() end"]) == [])
        #expect(globals("require 'lib'", modules: ["lib": "retrun1()"]).first?.hasPrefix("lib:1:1: ") == true)
    }

    @Test(
        arguments: [
            (#"param "region""#, [:], ["n.lua:1:7: param: region was not given: --param region=…"]),
            (#"param("region")"#, ["region": "EU"], []), (#"param("region", "EU")"#, [:], []),
            (#"print(params.region)"#, ["region": "EU"], []), (#"print(params["region"])"#, ["region": "EU"], []),
            (#"local name = "x" param(name)"#, ["region": "EU"], []),
            ("for k in pairs(params) do end", ["region": "EU"], []),
            ("local p = params print(p.region)", ["region": "EU"], []),
            (
                #"param("region", "EU")"#, ["regoin": "US"],
                [#"--param regoin: the script reads no parameter of that name (did you mean "region"?)"#]
            ),
            (
                "execute { 'a', params = { x = 1 } }", ["x": "1"],
                ["--param x: the script reads no parameter of that name"]
            ),
            (#"if run.server == "prod" then param "only" end local function f() return param "x" end"#, [:], []),
            (#"if done then return end param "b""#, [:], []), (#"local r = x and param "b""#, [:], []),
            (#"local function f(param) return param("x") end print(f(print))"#, [:], []),
            (#"do local param = print; param "x" end"#, [:], []),
            (#"function param(n) return n end param "x""#, [:], []),
            (#"for _, param in ipairs { print } do param("x") end"#, [:], []),
            (#"local _ENV = { param = print } param "x""#, [:], []),
            (#"-- param "region""#, [:], []), (#"t.param "region""#, [:], []),
        ] as [(String, [String: String], [String])])
    func `parameters that are missing and that nobody reads are found`(
        script: String, given: [String: String], findings: [String]
    ) {
        #expect(ScriptSource(script, name: "n.lua").parameterFindings(given).map(\.description) == findings)
    }

    private static var configured: ConfiguredNames {
        var names = ConfiguredNames()
        (names.secrets, names.servers) = (["token"], ["production"])
        names.calendars = ["uk"]
        (names.approvers, names.targets) = (["release"], ["dba", "ops"])
        return names
    }

    @Test func `what a module asks for may never be asked for, and an escape is not read`() {
        let module = ["full": #"local r = param "region" secret "none" server "none" return r"#]
        let source = ScriptSource(
            #"if param("mode", "full") == "full" then require "full" end"#, name: "n.lua", modules: module)
        #expect(source.parameterFindings(["mode": "quick"]) == [])
        #expect(source.configurationFindings(Self.configured) == [])
        let escaped = ScriptSource(#"param "caf\u{e9}" secret "my\x2dkey""#, name: "n.lua")
        #expect(escaped.parameterFindings(["café": "1"]) == [])
        #expect(escaped.secrets(among: ["my-key"]) == ["my-key"])
        #expect(ScriptSource(#"_G.secret "x""#, name: "n.lua").secrets(among: ["x"]) == ["x"])
    }

    @Test(arguments: [
        (
            #"secret "tokne""#,
            [#"n.lua:1:8: secret: "tokne" is not among the configuration's secrets (did you mean "token"?)"#]
        ),
        (#"server "staging""#, [#"n.lua:1:8: server: "staging" is not configured"#]),
        (
            #"approve("go", { timeout = "1h", by = "relase" })"#,
            [#"n.lua:1:38: approve: "relase" is not among the configuration's approvers (did you mean "release"?)"#]
        ),
        (
            #"notify { to = { "ops", "dab" }, text = "x" }"#,
            [#"n.lua:1:24: notify: "dab" is not among the configuration's notify.targets (did you mean "dba"?)"#]
        ),
        (
            #"date.add(run.date, 1, "workdays", "ku") date.is_workday("2026-12-25", "uk")"#,
            [#"n.lua:1:35: date.add: "ku" is no calendar of the configuration (did you mean "uk"?)"#]
        ),
        (#"date.diff(a, b, "workdays", days) date.add(a, 1, "workdays", { "2026-12-25" })"#, []),
        (#"approve("go", { by = who }) approve "go" notify "x" notify { to = "ops", text = "x" }"#, []),
        (#"secret "token" server "production""#, []), (#"if x then secret "none" server "none" end"#, []),
        (#"local server = print server "none""#, []), (#"secret(name) server(name)"#, []),
    ])
    func `names that are not configured are found`(script: String, findings: [String]) {
        let source = ScriptSource(script, name: "n.lua")
        #expect(
            source.configurationFindings(Self.configured).map(\.description) == findings)
    }

    @Test(arguments: [
        (#"secret "b""#, ["b"]), (#"print(secret("a") .. secret 'c')"#, ["a", "c"]), ("print 'secret'", []),
        ("local name = 'a' secret(name)", ["a", "b", "c"]), ("map(secret, list)", ["a", "b", "c"]),
        (#"secret "none""#, []),
    ])
    func `only the secrets that a script names are read`(script: String, names: [String]) {
        #expect(ScriptSource(script, name: "n.lua").secrets(among: ["a", "b", "c"]) == names)
    }

    @Test(arguments: [
        (#"execute "a" execute { "b", max = 1 } start("c")"#, ["a", "b", "c"]),
        (
            #"parallel { "a", { "b", max = 1 }, chain { "c", "d" }, function() execute "e" end }"#,
            ["a", "b", "c", "d", "e"]
        ),
        (#"execute("a" .. n) execute(name) parallel_each({ "x" }, f) print "y""#, []),
        (#"parallel { "a" .. x, "b" }"#, ["b"]), (#"execute { "a", server = "staging" }"#, []),
        (#"local s = server "staging" s.execute "a" execute "b""#, []), (#"defaults { space = "S" } execute "a""#, []),
        (#"execute { "a", space = "S" }"#, []), (#"local execute = print execute "a""#, []),
        ("execute { 'a', params = { label = 'not this' }, name = 'nor this' }", ["a"]),
        (#"execute "a\nb""#, []),
    ])
    func `the labels that are certainly started on the run's own server are known`(script: String, labels: [String]) {
        #expect(Set(ScriptSource(script, name: "n.lua").startedLabels) == Set(labels))
    }

    @Test func `no script of the tests and examples raises a wrong alarm`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        for folder in ["scripts/examples", "Tests/Scripts"] {
            let files = FileManager.default.enumerator(
                at: root.appendingPathComponent(folder), includingPropertiesForKeys: nil)
            for case let file as URL in files ?? .init() where file.pathExtension == "lua" {
                let text = try String(contentsOf: file, encoding: .utf8)
                #expect(
                    ScriptSource(text, name: file.lastPathComponent).findings.filter(\.isCertain).map(\.description)
                        == [])
            }
        }
    }
}
