import Foundation
import JSON
import StudioServer
import Testing

/// `baton check` as people and programs call it.
@Suite struct CheckTests {
    @Test func `a mistake is shown with its line, and the exit code is 1`() async throws {
        let place = try Workplace()
        try place.write(
            "phase \"load\"\nexecute { \"wf1\", timeot = \"2h\" }\nlocal state = 1\nprint(state 'b')\n", to: "n.lua")
        let check = try await place.baton("check", "n.lua")
        #expect(check.code == 1)
        #expect(check.errors == "")
        #expect(
            check.output == """
                n.lua:2:18: error: execute: unknown option "timeot" (did you mean "timeout"?) [unknown-option]
                  2 | execute { "wf1", timeot = "2h" }
                    |                  ^^^^^^
                  fix: timeout
                n.lua:4:7: warning: "state" is the local of line 3 here, which hides the function; give it another name [hidden-function]
                  4 | print(state 'b')
                    |       ^^^^^
                1 script: 1 error, 1 warning

                """)
        // What is certain is what a run refuses.
        let run = try await place.baton("run", "--simulate", "n.lua")
        #expect(run.code == 64)
        #expect(
            run.errors == """
                n.lua:2:18: execute: unknown option "timeot" (did you mean "timeout"?)
                Nothing was started.

                """)
    }

    @Test func `programs get an object for each finding`() async throws {
        let place = try Workplace()
        try place.write("execute { \"wf1\", timeot = \"2h\" }\n", to: "n.lua")
        let check = try await place.baton("check", "--json", "n.lua")
        #expect(check.code == 1)
        let found = try JSON(parsing: Array(check.output.utf8))
        #expect(found["file"] == "n.lua" && found["line"] == 1 && found["column"] == 18 && found["length"] == 6)
        #expect(found["code"] == "unknown-option" && found["severity"] == "error" && found["fix"] == "timeout")
    }

    @Test func `a folder is looked at with its modules, each finding once`() async throws {
        let place = try Workplace()
        try FileManager.default.createDirectory(
            at: place.url.appendingPathComponent("lib"), withIntermediateDirectories: true)
        try place.write("local M = {} function M.f() exeucte 'a' end return M", to: "lib/common.lua")
        try place.write("require('lib.common').f()", to: "a.lua")
        try place.write("require('lib.common').f()", to: "b.lua")
        let check = try await place.baton("check", ".")
        #expect(check.code == 1)
        #expect(check.output.components(separatedBy: "lib/common.lua:1:29: error: nothing is called").count == 2)
        #expect(check.output.hasSuffix("3 scripts: 1 error\n"), "\(check.output)")
        try place.write("local M = {} function M.f() execute 'a' return M", to: "lib/common.lua")
        #expect(
            try await place.baton("check", "a.lua").output.contains(
                "lib/common.lua:1:14: error: this 'function' has no 'end'"))
        try place.write("return {}", to: "lib/common.lua")
        let clean = try await place.baton("check", "a.lua", "b.lua")
        #expect(clean.code == 0 && clean.output == "2 scripts: nothing found\n")
    }

    @Test func `labels are looked for on the server if that is wanted`() async throws {
        try await Workplace.with("workflows: { load: {}, publish: {} }") { place, server in
            try place.write("execute 'load'\nexecute 'pubilsh'\nserver 'staging'", to: "n.lua")
            let offline = try await place.baton("check", "n.lua")
            #expect(offline.output.contains("\"staging\" is not configured"))
            #expect(server.log.isEmpty)
            try place.write("execute 'load'\nexecute 'pubilsh'", to: "n.lua")
            #expect(try await place.baton("check", "n.lua").code == 0)
            for options in [["--online"], ["--server", "studio"]] {
                let check = try await BatonProcess.run(["check"] + options + ["n.lua"], in: place.url)
                #expect(check.code == 1)
                #expect(check.output.contains("n.lua:2:9: error: the server has no workflow labelled \"pubilsh\""))
                #expect(check.output.contains("fix: \"publish\""))
            }
            #expect(server.starts.isEmpty)
        }
    }

    @Test(arguments: [
        (["check", "absent.lua"], "There is no script absent.lua."), (["check"], "Missing expected argument"),
        (["check", "--online", "n.lua"], "No server is configured."),
        (["check", "empty"], "There is no script (*.lua) in "),
    ])
    func `what cannot be looked at is told, with exit code 64`(arguments: [String], words: String) async throws {
        let place = try Workplace()
        try place.write("execute 'a'", to: "n.lua")
        try FileManager.default.createDirectory(
            at: place.url.appendingPathComponent("empty"), withIntermediateDirectories: true)
        let check = try await BatonProcess.run(arguments, in: place.url)
        #expect(check.code == 64)
        #expect(check.errors.contains(words), "\(check.errors)")
    }

    @Test(
        arguments: [
            (
                Array("-- a\nprint 'Gr".utf8) + [0xFC] + Array("n'".utf8),
                "is not UTF-8: line 2 has the byte 0xFC, which is ü in Latin-1. Save it as UTF-8."
            ),
            ([0xFF, 0xFE, 0x70, 0x00], "is written in UTF-16. Save it as UTF-8."),
            (
                Array("print '".utf8) + [0x80] + Array("'".utf8),
                "is not UTF-8: line 1 has the byte 0x80. Save it as UTF-8."
            ),
        ] as [([UInt8], String)])
    func `a script or a module in another encoding is named, with its line`(bytes: [UInt8], words: String) async throws
    {
        let place = try Workplace()
        try Data(bytes).write(to: place.url.appendingPathComponent("old.lua"))
        try place.write("require 'old'", to: "n.lua")
        for script in ["old.lua", "n.lua"] {
            let check = try await place.baton("check", script)
            #expect(check.code == 64 && check.errors.contains("old.lua \(words)"), "\(check)")
            let run = try await place.baton("run", "--simulate", script)
            #expect(run.code == 64 && run.errors.contains("old.lua \(words)"), "\(run)")
        }
    }

    @Test func `a module that is not there is found before the first start`() async throws {
        let place = try Workplace()
        try place.write("execute 'a' local m = require 'gone.away'", to: "n.lua")
        let place1 = "\(place.url.resolvingSymlinksInPath().path)/gone/away.lua"
        let check = try await place.baton("check", "n.lua")
        #expect(check.code == 1 && check.output.contains("n.lua:1:31: error: require: there is no module"), "\(check)")
        #expect(check.output.contains(place1), "\(check.output)")
        let run = try await place.baton("run", "--simulate", "n.lua")
        #expect(run.code == 64 && run.errors.contains("Nothing was started."), "\(run)")
        // Where it may never be asked for, that is a warning.
        let asks = "if param('x', '') == '1' then require 'gone' end print(pcall(require, 'gone') == false)"
        try place.write(asks, to: "n.lua")
        #expect(try await place.baton("check", "n.lua").output.contains("warning: require: there is no module"))
        #expect(try await place.baton("run", "--simulate", "n.lua").output == "true\n")
    }

    @Test func `a module may be required by a name that is computed`() async throws {
        let place = try Workplace()
        try place.write("for _, n in ipairs { 'a', 'b' } do print(require('steps.' .. n)) end", to: "n.lua")
        let folder = place.url.appendingPathComponent("steps/b")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try place.write("return 1", to: "steps/a.lua")
        try place.write("return 2", to: "steps/b/init.lua")
        // What may be required, and is not, is no mistake of this script.
        try place.write("x = = 1", to: "steps/broken.lua")
        try place.write("exeucte 'a'", to: "steps/other.lua")
        let run = try await place.baton("run", "--simulate", "n.lua")
        #expect(run.code == 0 && run.output == "1\n2\n", "\(run)")
        #expect(try await place.baton("check", "n.lua").code == 0)
    }

    @Test func `a mark in front of a text is none of it`() async throws {
        let place = try Workplace()
        try Data([0xEF, 0xBB, 0xBF] + Array("print(require 'm')".utf8)).write(
            to: place.url.appendingPathComponent("n.lua"))
        try Data([0xEF, 0xBB, 0xBF] + Array("return 7".utf8)).write(to: place.url.appendingPathComponent("m.lua"))
        let run = try await place.baton("run", "--simulate", "n.lua")
        #expect(run.code == 0 && run.output == "7\n", "\(run)")
    }
}
