import LuaVM
import Orchestration
import Testing

/// A script that runs away ends its run, and nothing else.
@Suite struct LimitTests {
    @Test(arguments: [
        ("while true do end", "without waiting"),
        ("pcall(function() while true do end end)", "without waiting"),
        (
            "pcall(parallel, { function() pcall(function() while true do end end) end, 'a', on_failure = 'collect' })",
            "without waiting"
        ),
        ("local s = 'x' while true do s = s .. s end", "not enough memory"),
        ("while true do pcall(wait, spawn(function() end)) end", "without time moving"),
    ])
    func `a limit ends the run, whoever would catch it`(script: String, message: String) throws {
        let run = try VirtualRun(
            "local job = start 'long'\n\(script)\nprint 'never'",
            scenario: "workflows: { long: { duration: 1h }, a: {} }",
            limits: LuaLimits(time: .milliseconds(20), grace: .milliseconds(20), memory: 16 << 20, waits: 1000)
        ).run()
        #expect(run.end?.status == .failed)
        #expect(run.end?.error?.kind == .limit)
        #expect(run.end?.error?.message.contains(message) == true, "\(run.end?.error?.message ?? "")")
        #expect(run.end?.error?.location == "test.lua:2")
        #expect(run.end?.running.map(\.label).contains("long") == true)
        #expect(run.output.isEmpty)
    }
}
