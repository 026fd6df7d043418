import DataStudio
import JSON
import LuaVM
import Orchestration
import Testing

/// `os.date` and `os.time` in the zone of the run. Against the stock interpreter: `StockTimeTests`.
@Suite struct TimeTests {
    private static let rule = "CET-1CEST,M3.5.0,M10.5.0/3"

    private func output(_ script: String, zone rule: String = rule) throws -> [String] {
        let zone = try #require(ZoneRules(rule: rule))
        let run = try VirtualRun(script, zone: zone).run()
        #expect(run.end?.status == .succeeded, "\(String(describing: run.end))")
        return run.output
    }

    @Test func `a script tells the time in the zone of its run`() throws {
        // The run began at 04:05:06 UTC.
        let shown = try output(
            """
            print(os.date("%Y-%m-%d %H:%M:%S %Z %z"), os.date("!%H:%M %Z"), run.date)
            print(os.time { year = 2026, month = 7, day = 1 }, os.time { year = 2026, month = 1, day = 1, hour = 0 })
            print(os.date("%H", os.time { year = 2026, month = 3, day = 29, hour = 2, min = 30 }))
            """)
        #expect(
            shown == [
                "2026-03-01 05:05:06 CET +0100\t04:05 GMT\t2026-03-01", "1782900000\t1767222000", "03",
            ])
        #expect(try output("print(os.date('%d %H'), run.date)", zone: "FAR+12") == ["28 16\t2026-02-28"])
    }

    @Test func `a deadline is a time in the zone of the run`() throws {
        // 04:05:06 UTC is 05:05:06 there: 05:00 is tomorrow, 06:00 in 55 minutes.
        let shown = try output(
            """
            local began = now()
            pcall(deadline, "06:00", sleep, "9h")
            print(now() - began)
            pcall(deadline, "05:00", sleep, "30h")
            print(now() - began)
            """)
        #expect(shown == ["3294", "86094"])
    }

    @Test func `os.time puts the fields of the table right`() throws {
        let shown = try output(
            """
            local t = { year = "2026", month = 14.0, day = -3, hour = "0x19", sec = 3700, isdst = 1, other = 5 }
            print(os.time(t))
            print(t.year, t.month, t.day, t.hour, t.min, t.sec, t.wday, t.yday, t.isdst, t.other)
            local seen = {}
            local t = setmetatable({}, {
              __index = function(_, key) sleep "1s" return ({ year = 2026, month = 1, day = 2 })[key] end,
              __newindex = function(_, key, value) seen[#seen + 1] = key .. "=" .. tostring(value) end,
            })
            print(os.time(t), table.concat(seen, " "))
            """)
        #expect(
            shown == [
                "1801180900", "2027\t1\t29\t1\t1\t40\t6\t29\tfalse\t5",
                "1767351600\tyear=2026 month=1 day=2 hour=12 min=0 sec=0 yday=2 wday=6 isdst=false",
            ])
    }

    /// Calls, and the errors of Lua's own functions.
    @Test(arguments: [
        ("os.time(5)", "bad argument #1 to 'time' (table expected, got number)"),
        ("os.time {}", "field 'year' missing in date table"),
        ("os.time { year = 2026, month = 1 }", "field 'day' missing in date table"),
        ("os.time { year = 2026, month = 'x', day = 1 }", "field 'month' is not an integer"),
        ("os.time { year = 2026, month = 1.5, day = 1 }", "field 'month' is not an integer"),
        ("os.time { year = 2026, month = 1, day = 1, hour = false }", "field 'hour' is not an integer"),
        ("os.time { year = 2026, month = 1, day = 2147483648 }", "field 'day' is out-of-bound"),
        ("os.time { year = 2026, month = -2147483648, day = 1 }", "field 'month' is out-of-bound"),
        ("os.time { year = 2147485548, month = 1, day = 1 }", "field 'year' is out-of-bound"),
        (
            "os.time { year = 2147485547, month = 13, day = 1 }",
            "time result cannot be represented in this installation"
        ),
        (
            "os.time { year = 1970, month = 1, day = 1, hour = 0, min = 59, sec = 59 }",
            "time result cannot be represented in this installation"
        ),
        ("os.date({})", "bad argument #1 to 'date' (string expected, got table)"),
        ("os.date('%c', 'x')", "bad argument #2 to 'date' (number expected, got string)"),
        ("os.date('%c', false)", "bad argument #2 to 'date' (number expected, got boolean)"),
        ("os.date('%c', 1.5)", "bad argument #2 to 'date' (number has no integer representation)"),
        ("os.date('%c', math.maxinteger)", "date result cannot be represented in this installation"),
        ("os.date('%c', math.mininteger)", "date result cannot be represented in this installation"),
        ("os.date('%Y %Ez 1', 0)", "bad argument #1 to 'date' (invalid conversion specifier '%Ez 1')"),
        ("os.date('%', 0)", "bad argument #1 to 'date' (invalid conversion specifier '%')"),
        ("os.date('%Q\\0 1', 0)", "bad argument #1 to 'date' (invalid conversion specifier '%Q')"),
        ("os.date('%s', 0)", "bad argument #1 to 'date' (invalid conversion specifier '%s')"),
    ])
    func `what Lua refuses is refused in its words, at the line of the script`(call: String, message: String) throws {
        #expect(try output("print(select(2, pcall(function()\nlocal x = \(call) end)))") == ["test.lua:2: \(message)"])
    }

    @Test func `odd formats mean what they mean to Lua`() throws {
        #expect(
            try output(
                #"""
                print(os.date(5), os.date("!!%H", 0), os.date("x\0%H", "0x0") == "x\00001", os.date("") == "")
                print(os.date("*t\0 and more", 0).hour, os.date("!*t", 0.0).hour, os.date("*t ", 0))
                print((pcall(os.date, "%\xE9", 0)))
                """#)
                == ["5\t!00\ttrue\ttrue", "1\t0\t*t ", "false"])
    }

    @Test func `a format as long as memory allows is limited as the script is`() throws {
        let run = try VirtualRun(
            "print(pcall(os.date, ('%c'):rep(300000)))", limits: .init(time: .seconds(60), memory: 12 << 20)
        ).run()
        #expect(run.output == ["false\tnot enough memory"])
    }

    @Test func `runs of many zones in one process each see their own`() async throws {
        let rules = ["UTC0", "WST-13", "AAA11", "CET-1CEST,M3.5.0,M10.5.0/3", "<+0545>-5:45"]
        let expected = ["12:00", "01:00", "01:00", "14:00", "17:45"]
        let script = """
            for _ = 1, 200 do
              sleep "1s"
              local at = os.time { year = 2026, month = 7, day = 1 } + 43200 - os.time { year = 2026, month = 7, day = 1, hour = 12 }
              print(os.date("%H:%M", 1782907200), os.date("!%H", at))
            end
            """
        let outputs = try await withThrowingTaskGroup(of: (Int, [String]).self) { group in
            for index in 0..<20 {
                group.addTask {
                    let zone = try #require(ZoneRules(rule: rules[index % rules.count]))
                    return (index, try VirtualRun(script, zone: zone).run().output)
                }
            }
            return try await group.reduce(into: [Int: [String]]()) { $0[$1.0] = $1.1 }
        }
        for (index, output) in outputs {
            #expect(output == Array(repeating: "\(expected[index % rules.count])\t12", count: 200))
        }
        #expect(outputs.count == 20)
    }

    @Test func `a run whose zone was not looked up is refused`() {
        var beginning = RunBeginning(script: "n.lua", text: "", seed: 1)
        beginning.zone = "Europe/London"
        #expect(throws: (any Error).self) {
            try RunMachine(RunConfiguration(beginning), at: Timestamp(milliseconds: 0))
        }
    }

    @Test func `the version of the zone data is kept, and older logs have none`() throws {
        var beginning = RunBeginning(script: "n.lua", text: "", seed: 1)
        (beginning.zone, beginning.zoneData) = ("Europe/London", "2025b")
        let payload = RecordBody.began(beginning).payload
        #expect(try RecordBody(kind: "began", payload: payload) == .began(beginning))
        let older = JSON.object((payload.members ?? []).filter { $0.name != "zone_data" })
        guard case .began(let read) = try RecordBody(kind: "began", payload: older) else {
            Issue.record("it is no beginning")
            return
        }
        #expect(read.zone == "Europe/London" && read.zoneData == nil)
    }
}
