import DataStudio
import LuaVM
import Orchestration
import SimulatedStudio
import Testing

/// `approve`: what a person decides, and what counts when nobody does.
@Suite struct ApprovalTests {
    /// Plays the script; each decision comes so long after the beginning.
    private func run(
        _ script: String, _ decisions: [(after: Duration, key: String, Decision)] = []
    ) throws -> VirtualRun {
        let run = try VirtualRun(script)
        var left = decisions
        try run.run { run in
            while let next = left.first, run.now - run.records[0].at >= next.after {
                left.removeFirst()
                run.deliver(.decide(key: next.key, next.2))
            }
            return false
        }
        try run.replayEveryPrefix()
        return run
    }

    private static let tick = "spawn(function() for i = 1, 200 do sleep(1) end end) "
    private static let approved = Decision(isApproved: true, by: "ann", reason: "looks good")
    private static let rejected = Decision(isApproved: false, by: "bob")

    @Test func `the script goes on with who approved it, and why`() throws {
        let run = try run(
            Self.tick + "local d = approve 'release' print(d.by, d.reason, d.at) execute 'release'",
            [(.seconds(20), "approve#1", Self.approved), (.seconds(21), "approve#1", Self.rejected)])
        #expect(run.output.first?.hasPrefix("ann\tlooks good\t17723379") == true, "\(run.output)")
        #expect(run.started == ["release"] && run.end?.status == .succeeded)
        // People are told once, with the commands.
        let notices = run.effects.compactMap { if case .notify(let notice) = $0 { notice } else { nil } }
        #expect(notices.count == 1 && notices[0].commands == ["baton approve  1", "baton approve  1 --reject"])
    }

    @Test func `a rejection is an error, and a retry asks again`() throws {
        let script = Self.tick + "execute 'load' approve 'release' execute 'release'"
        let former = try run(script, [(.seconds(20), "approve#1", Self.rejected)])
        #expect(former.end?.status == .failed)
        #expect(former.end?.error?.text == "test.lua:1: release: rejected by bob")
        let plan = try RunMachine.planRetry(of: former.records, former.configuration, by: "me")
        #expect(plan.again.map(\.title) == ["release"])
        let run = try VirtualRun(retrying: former, plan.retrial, after: .seconds(60))
        run.deliver(.decide(key: "approve#1", Self.approved))
        run.goOn()
        try run.replayEveryPrefix()
        #expect(run.end?.status == .succeeded && run.started == ["load", "release"])
    }

    @Test(
        arguments: [
            ("", "timeout"), ("default = 'reject'", "rejected"), ("default = 'approve'", "default"),
        ])
    func `nobody decides in time`(option: String, ending: String) throws {
        let run = try run("local ok, d = pcall(approve, 'x', { timeout = '8h', \(option) }) print(d.kind or d.by)")
        #expect(run.output == [ending])
        #expect(run.now - run.records[0].at >= .seconds(8 * 3600))
    }

    @Test func `whoever resumes the run asks again, and takes a decision that was left`() throws {
        let run = try VirtualRun("local d = approve('x', { timeout = 60 }) print(d.by)")
        try run.run { $0.records.contains { $0.body.kind == "answered" } }
        let machine = try RunMachine(run.configuration, at: run.records[0].at)
        let late = run.now + .seconds(3600)
        let left = Record(
            sequence: run.records.count + 1, key: try #require(run.approvals.first?.key), attempt: 1, at: late,
            body: .answered(.decision(Decision(isApproved: true, by: "ann", isOfRunLeft: true))))
        // Its time is up, and it was decided before anybody noticed.
        let actions = try machine.resume(run.records + [left], at: late + .seconds(1))
        let printed = actions.compactMap { if case .report(.print(let text)) = $0 { text } else { nil } }
        #expect(printed == ["ann"])
    }

    @Test(arguments: [
        "timeout(5, approve, 'x')",
        "parallel { function() approve 'x' end, function() sleep(1) error 'y' end, on_failure = 'cancel' }",
    ])
    func `what nobody waits for any more is not asked`(call: String) throws {
        let run = try run("pcall(function() \(call) end) print 'after'", [(.seconds(10), "approve#1", Self.approved)])
        #expect(run.output == ["after"] && run.end?.status == .succeeded)
    }

    @Test(
        arguments: [
            ("approve()", "a text was expected"), ("approve ''", "a text was expected"),
            ("approve('x', { default = 'yes' })", "\"approve\" or \"reject\""),
            ("approve('x', { by = 3 })", "a name of the configuration's approvers"),
            ("approve('x', { timeouts = 3 })", "did you mean \"timeout\""),
        ])
    func `what is wrong with the call is an error`(call: String, error: String) throws {
        #expect(try run(call).end?.error?.text.contains(error) == true)
    }
}
