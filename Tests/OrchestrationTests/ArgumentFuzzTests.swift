import DataStudio
import Foundation
import HostileTexts
import LuaVM
import Orchestration
import Testing

/// Any value for every argument and option of every function that scripts have: a call gives an answer or an error, and the
/// process goes on. Always the same; `BATON_FUZZ_SEED` makes others, `BATON_FUZZ_CASES` more: `scripts/prove rubbish`.
@Suite struct ArgumentFuzzTests {
    private static let calls = ProcessInfo.processInfo.environment["BATON_FUZZ_CASES"].flatMap { Int($0) } ?? 6_000
    private static let seed = ProcessInfo.processInfo.environment["BATON_FUZZ_SEED"].flatMap { UInt64($0) } ?? 4711

    /// Extremes of each kind of value, as Lua writes them.
    private static let values: [String] = [
        "nil", "true", "false", "0", "-1", "1", "math.mininteger", "math.maxinteger", "math.maxinteger - 1", "2^53",
        "-2^63", "2^63",
        "1e308", "-1e308", "5e-324", "0.0", "-0.0", "0/0", "1/0", "-1/0", "1e15", "9007199254740993", "0.1", "''",
        "'a'", "'1s'",
        "'0s'", "'-1s'", "'99999999999999999999d'", "'1e9h'", "'23:59'", "'24:00'", "'2026-02-30 06:00'",
        "'9999-12-31 23:59'",
        "'\\0'", "'\\xff\\xfe'", "('x'):rep(70000)", "{}", "{ 1 }", "{ 'a' }", "{ 'a', 'b' }", "{ a = 1 }",
        "{ [1.5] = 2 }", "{ {} }",
        "{ 'a', timeout = '1s' }", "setmetatable({}, { __index = function() error('x') end })",
        "setmetatable({}, { __tostring = function() error('x') end })",
        "setmetatable({}, { __pairs = function() return 1 end })",
        "json.null", "job", "task", "over", "print", "function() end", "function() error('x') end",
        "function() return 1, 2 end",
        "function(...) return ... end", "coroutine.create(print)", "chain { 'a' }", "params", "run", "studio", "_G",
        "string",
    ]

    /// Options of all functions, and names that are none.
    private static let options: [String] = [
        "timeout", "on_timeout", "min", "max", "queue_max", "usual", "check", "on_check", "retries", "retry_delay",
        "on_unreachable",
        "if_running",
        "params", "sources", "server", "detach", "name", "space", "version", "dependencies", "refresh", "limit",
        "on_failure", "times",
        "delay", "backoff", "max_delay", "on", "every", "title", "text", "level", "label", "state", "since", "headers",
        "body", "method",
        "url", "json", "pretty", "null", "query", "columns", "key", "value", "x",
    ]

    /// Everything a script can call: found by walking the globals, so that none is missing.
    private static let prelude = """
        local job, task, over = start 'a', spawn(function() sleep(1e6) end), execute 'a'
        local functions, names, seen = {}, {}, {}
        local function walk(table, path, depth)
          if seen[table] or depth > 3 then return end
          seen[table] = true
          local keys = {}
          for key in next, table do if type(key) == 'string' then keys[#keys + 1] = key end end
          table_sort(keys)
          for _, key in ipairs(keys) do
            local value = rawget(table, key)
            if type(value) == 'function' then
              functions[#functions + 1], names[#names + 1] = value, path .. key
            elseif type(value) == 'table' and key ~= '_G' then walk(value, path .. key .. '.', depth + 1) end
          end
        end
        table_sort = table.sort
        walk(_G, '', 0)
        local other = server 'other'
        walk(other, 'other.', 0)
        """

    /// Functions that end the script, and one that waits for as long as its argument says.
    private static let left: Set<String> = ["finish", "skip", "fail", "sleep"]

    private func draw(_ values: [String], _ random: inout SplitMix) -> String {
        values[Int(random.next() % UInt64(values.count))]
    }

    private func arguments(_ random: inout SplitMix) -> String {
        (0..<Int(random.next() % 4)).map { _ in
            guard random.next() % 3 == 0 else { return draw(Self.values, &random) }
            var entries = random.next() % 2 == 0 ? ["\(draw(Self.values, &random))"] : []
            for _ in 0...random.next() % 3 {
                entries.append("\(draw(Self.options, &random)) = \(draw(Self.values, &random))")
            }
            return "{ \(entries.joined(separator: ", ")) }"
        }.joined(separator: ", ")
    }

    /// A script that makes so many calls, each of which may fail.
    private func script(_ count: Int, _ random: inout SplitMix) -> String {
        var text = Self.prelude + "\n"
        for _ in 0..<count {
            let index = random.next() % 100_000
            text += """
                do local at = \(index) % #functions + 1
                  if not left[names[at]] then calls = calls + 1 pcall(timeout, 5, function() return functions[at](\(arguments(&random))) end) end
                end

                """
        }
        let names = Self.left.sorted().map { "\($0) = true" }.joined(separator: ", ")
        return "left, calls = { \(names) }, 0\n" + text + "print('calls', calls)"
    }

    @Test func `no argument of any function ends the process or the run's own bookkeeping`() async throws {
        print("seed of the fuzzing: \(Self.seed)")
        var random = SplitMix(seed: Self.seed)
        let each = 40
        var called = 0
        for _ in 0..<Self.calls / each {
            await Task.yield()
            let text = script(each, &random)
            let run = try VirtualRun(
                text, scenario: "others: { duration: 1s }", limits: LuaLimits(time: .seconds(30), memory: 64 << 20),
                spaces: ["other": nil])
            run.answers = Array(repeating: .failed(StepFailure(kind: .failed, message: "no")), count: 200)
            var events = 0
            try run.run { _ in
                events += 1
                return events > 20_000
            }
            for case .print(let line) in run.events where line.hasPrefix("calls\t") {
                called += Int(line.dropFirst(6)) ?? 0
            }
        }
        print("calls that were made: \(called)")
        #expect(called > Self.calls / 2)
    }
}
