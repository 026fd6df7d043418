import Foundation
import JSON
import StudioServer
import Testing

/// Scripts that look at other runs, and wait for them.
@Suite(.timeLimit(.minutes(3))) struct OtherRunsTests {
    @Test func `a script sees the runs of another one, by date, key and state`() async throws {
        try await Workplace.with("workflows: { a: { duration: 50ms }, bad: { outcome: FAILED, duration: 50ms } }") {
            place, server in
            try place.configure(server, key: "simulated-key")
            try place.write("execute { 'a', params = { x = param('x', '') } }", to: "load.lua")
            try place.write("execute 'bad'", to: "bad.lua")
            try FileManager.default.createDirectory(
                at: place.url.appendingPathComponent("sub"), withIntermediateDirectories: true)
            try place.write("execute 'a'", to: "sub/load.lua")
            for arguments in [
                ["load.lua", "--date", "2026-12-24"],
                ["load.lua", "--date", "2026-12-25", "--key", "k", "--param", "x=1"],
                ["sub/load.lua"], ["bad.lua"],
            ] { _ = try await BatonProcess.run(["run"] + arguments, in: place.url) }
            try place.write(
                #"""
                local function show(list) for _, r in ipairs(list) do print(r.script, r.date, r.key, r.state, r.params.x, r.ended ~= nil) end print(#list) end
                show(runs { script = "load.lua" })
                show(runs { script = "load", date = "2026-12-24" })
                show(runs { script = "load.lua", key = "k" })
                show(runs { script = "sub/load.lua" })
                show(runs { state = "failed" })
                show(runs { since = now() + 60 })
                print(#runs(), runs { limit = 1 }[1].script)
                """#, to: "look.lua")
            let look = try await place.baton("run", "look.lua")
            let today = String(Date.now.ISO8601Format().prefix(10))
            #expect(
                look.output == """
                    load.lua	2026-12-25	k	succeeded	1	true
                    load.lua	2026-12-24	nil	succeeded	nil	true
                    2
                    load.lua	2026-12-24	nil	succeeded	nil	true
                    1
                    load.lua	2026-12-25	k	succeeded	1	true
                    1
                    load.lua	\(today)	nil	succeeded	nil	true
                    1
                    bad.lua	\(today)	nil	failed	nil	true
                    1
                    0
                    4	bad.lua

                    """, "\(look.output)\(look.errors)")
        }
    }

    @Test func `a script waits for another one, and for its retry`() async throws {
        try await Workplace.with("workflows: { a: { duration: 50ms }, bad: { failures: 1, duration: 50ms } }") {
            place, server in
            try place.configure(server, key: "simulated-key")
            try place.write("execute 'bad'", to: "load.lua")
            try place.write(
                #"""
                local ok, e = pcall(wait_for_run, { script = "load.lua", date = "2026-12-24", timeout = "1s", every = 0.1 })
                print(ok, e.kind, e.message)
                log.warn "waiting"
                local r = wait_for_run { script = "load.lua", key = "k", on_failed = "wait", every = 0.1 }
                print(r.script, r.state, r.key)
                execute "a"
                """#, to: "after.lua")
            let after = try await BatonProcess.run(["run", "after.lua"], in: place.url, whenErrorsSay: "waiting") {
                _, _ in
                let failed = try await place.baton("run", "load.lua", "--key", "k")
                #expect(failed.code == 1)
                #expect(try await place.baton("retry", "load").code == 0)
            }
            #expect(
                after.output == """
                    false	timeout	wait_for_run: a run of load.lua for 2026-12-24: not done within 1.0 s
                    load.lua	succeeded	k

                    """, "\(after.output)\(after.errors)")
            #expect(after.errors.contains("waits for a run of load.lua with the key k\n"), "\(after.errors)")
            #expect(
                after.errors.contains(/waits for a run of load.lua with the key k: run \w+ is (failed|running)/),
                "\(after.errors)")
            #expect(server.starts == ["bad", "bad", "a"])
            let failing = try await BatonProcess.run(["run", "load.lua", "--key", "other"], in: place.url)
            #expect(failing.code == 0)
        }
    }

    @Test(
        arguments: [
            ("wait_for_run {}", "script was expected"), ("wait_for_run { script = 'x' }", "one of key, date and since"),
            ("wait_for_run { script = 'x', key = 'k', date = 'd' }", "one of key, date and since"),
            ("wait_for_run { script = 'x', key = 'k', on_failed = 'no' }", "\"raise\" or \"wait\""),
            ("wait_for_run { script = 'x', kee = 'k' }", "unknown option \"kee\""),
            ("runs { date = '24.12.' }", "a date such as"), ("runs { state = 'done' }", "\"running\" or"),
            ("runs { limit = 0 }", "from 1 to 1000"),
        ])
    func `what is wrong with the call is an error`(call: String, error: String) async throws {
        let place = try Workplace()
        let run = try await place.run("local f = function() \(call) end f()", scenario: "{}")
        #expect(run.code != 0 && run.errors.contains(error) && run.errors.contains("test.lua:1"), "\(run.errors)")
    }
}
