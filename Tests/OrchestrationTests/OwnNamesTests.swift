import LuaVM
import Orchestration
import Testing

/// Baton's own functions keep the standard ones, whatever a script makes of their names; and handles are what they stand for.
@Suite struct OwnNamesTests {
    private func printed(_ script: String) throws -> [String] {
        let run = try VirtualRun(script, spaces: ["other": nil]).run()
        let problem = run.end?.error.map { ["ended: \($0)"] } ?? []
        return run.events.compactMap { if case .print(let line) = $0 { line } else { nil } } + problem
    }

    @Test func `a script that gives every standard name another meaning changes nothing of Baton's functions`() throws {
        let lines = try printed(
            """
            local print, pcall, tostring, json, raw, later = print, pcall, tostring, json, rawset, next
            local own = { execute = execute, start = start, parallel = parallel, chain = chain, wait = wait, param = param, retry = retry,
              wait_until = wait_until, deadline = deadline, log = log, server = server, run = run, params = params, error = error }
            local names = {}
            for name in later, _G do names[#names + 1] = name end
            for _, library in ipairs { string, table, math, os, coroutine, utf8 } do
              for name in later, library do raw(library, name, nil) end
            end
            local globals = _G
            for i = 1, #names do raw(globals, names[i], nil) end
            print(own.execute('a').state)
            print((pcall(own.execute, {})))
            own.log.info('a', 1, nil, {})
            print(own.param('x', 5), (pcall(own.param, 'x')))
            print(own.retry({ times = 2, delay = 0 }, function() return 7 end))
            print((pcall(own.retry, { times = 2, delay = 0 }, function() own.error('x') end)))
            print(own.wait_until(function() return 8 end, { every = 1, timeout = 5 }))
            print((pcall(own.wait_until, function() end, { every = 1, timeout = 3 })))
            print(own.deadline('23:59', function() return 9 end), (pcall(own.deadline, 'x', print)))
            print(#own.wait(own.chain { 'a', 'b' }), (pcall(own.chain, 1)))
            print(own.server('other').execute('a').state, own.run.date ~= nil, (pcall(function() own.run.x = 1 end)))
            print((pcall(function() return own.params.nothing end)))
            print(tostring(own.execute 'a') ~= nil)
            """)
        #expect(
            lines == [
                "COMPLETED", "false", "5\tfalse", "7", "false", "8", "false", "9\tfalse", "2\tfalse",
                "COMPLETED\ttrue\tfalse",
                "false", "true",
            ], "\(lines)")
    }

    @Test(arguments: ["json.null", "0", "{}", "print", "coroutine.create(print)", "'a'", "true", "1.5"])
    func `what is no handle cancels nothing, and nobody waits for it`(value: String) throws {
        let lines = try printed(
            """
            local job = start 'a'
            local function why(...) local ok, e = pcall(...) return ok or e.message or e end
            local bad = \(value)
            print(why(cancel, bad))
            if type(bad) ~= 'string' then print(why(state, bad)) end
            if type(bad) ~= 'number' then print(why(wait_any, { bad })) end
            print(wait(job).state)
            """)
        #expect(lines.first?.contains("a handle of start or spawn, or a job was expected") == true, "\(lines)")
        #expect(lines.last == "COMPLETED", "\(lines)")
    }

    @Test func `the iterator of one table serves another`() throws {
        let lines = try printed(
            """
            local iterate = pairs { a = 1 }
            local seen = {}
            for key, value in iterate, { 10, 20, x = 30, y = 40 } do seen[#seen + 1] = tostring(key) .. '=' .. value end
            print(table.concat(seen, ' '))
            """)
        #expect(lines == ["1=10 2=20 x=30 y=40"])
    }

    @Test func `what is logged is logged, whatever bytes it has`() throws {
        let run = try VirtualRun("log.info('a\\xff\\xfeb', 1)").run()
        let logged = run.events.compactMap { if case .log(_, let text) = $0 { text } else { nil } }
        #expect(logged == ["a\u{FFFD}\u{FFFD}b\t1"])
    }

    @Test(arguments: ["math.mininteger", "-9223372036854775807", "math.maxinteger", "-1e300", "0/0", "2^63"])
    func `a time that is none is an error`(value: String) throws {
        let lines = try printed("print((pcall(studio.jobs, { since = \(value) })))")
        #expect(lines == ["false"])
    }
}
