import DataStudio
import LuaVM
import Orchestration
import SimulatedStudio
import Testing

/// Jobs that a script has not started itself: `job`, and `wait`, `state` and `cancel` of them.
@Suite struct OtherJobTests {
    private static let scenario = """
        operations: [cancelJob, executeSchedule]
        schedules: { others: [other, bad, long] }
        workflows: { other: { duration: 10m }, bad: { duration: 1m, outcome: FAILED }, long: { duration: 1h } }
        others: { duration: 1s }
        """

    /// Plays the script on a server where somebody else has started `other` (4711), `bad` (4712) and `long` (4713).
    private func run(_ script: String, scenario: String = Self.scenario) throws -> VirtualRun {
        let run = try VirtualRun("studio.execute_schedule 'others' " + script, scenario: scenario).run()
        try run.replayEveryPrefix()
        return run
    }

    /// What it printed, and the error it ended with.
    private func lines(_ run: VirtualRun) -> [String] {
        run.output + Array(repeating: run.end?.error?.text ?? "", count: 4)
    }

    @Test(
        arguments: [
            ("", ["long"]), ("wait(j)", []), ("cancel(j)", []), ("sleep(7200) state 'long'", []),
            ("cancel { job_id = '4711' }", ["long"]), ("sleep(60) state 'long'", ["long"]),
        ])
    func `a job that a step has left running is listed until the server has said that it ended`(
        afterwards: String, running: [String]
    ) throws {
        let run = try run(
            """
            finally(function(e) local _, j = state 'long' \(afterwards) end, { timeout = '3h' })
            execute('long', { timeout = '1m' })
            """)
        #expect(run.end?.status == .timeout && run.end?.running.map(\.label) == running)
    }

    @Test func `a job of somebody else is waited for, and is a result`() throws {
        let run = try run(
            """
            local j = job(4711)
            print(j.label, j.state, j.server, math.type(j.created), j.finished)
            local r = wait(j)
            print(r.label, r.state, r.job_id, r.duration, state(j))
            print(wait(job "4711").state, job "99")
            """)

        #expect(lines(run)[0] == "other\tRUNNING\tnil\tinteger\tnil")
        #expect(lines(run)[1].hasPrefix("other\tCOMPLETED\t4711\t600") && lines(run)[2] == "COMPLETED\tnil")
        #expect(run.end?.status == .succeeded && run.started.isEmpty)
    }

    @Test(
        arguments: [
            ("wait(job '4712')", "failed", "job 4712 of bad: the job FAILED"),
            ("wait { job_id = '99' }", "rejected", "job 99: "), ("wait { job_id = 99 }", "rejected", "job 99: "),
            ("wait { job_id = '4711', created = 5 }", "rejected", "given the id to another job"),
            ("wait { job_id = '4711', label = 'long' }", "rejected", "given the id to another job"),
            ("wait { job_id = '4711', server = 'no' }", "script", "no"),
            ("wait({ job_id = '4713' }, '5m')", "timeout", "wait: not done within 5m"),
            ("cancel { job_id = '4711' } wait(job '4711')", "cancelled", "cancelled on the server"),
            ("parallel { function() wait { job_id = '4713' } end, 'bad', on_failure = 'cancel' }", "failed", "bad"),
            ("timeout('5m', wait, { job_id = '4713' })", "timeout", "timeout: not done within 5m"),
            ("job {}", "script", "a job's id was expected"), ("cancel {}", "script", "or a job was expected"),
        ])
    func `what is wrong with it is raised, and it goes on`(call: String, kind: String, message: String) throws {
        let run = try run(
            "sleep(70) local ok, e = pcall(function() \(call) end) print(ok, e.kind, e.message)")
        #expect(run.output.first?.hasPrefix("false\t\(kind)\t") == true, "\(run.output)")
        #expect(run.output.first?.contains(message) == true, "\(run.output)")
        let long = run.studio.jobs(at: run.now).first { $0.label == "long" }
        #expect(long?.state == .running && run.end?.status == .succeeded)
        #expect(run.end?.running.isEmpty == true)
    }

    @Test func `it is cancelled, and the answer says whether it was`() throws {
        let run = try run(
            "print(cancel(job '4713')) print(cancel { job_id = '99' }) sleep(1) print((state(job '4713')))")

        #expect(lines(run)[0] == "true" && lines(run)[1].hasPrefix("false\t") && lines(run)[2] == "CANCELLED")
    }

    @Test(arguments: ["label = 'other'", "created = 5"])
    func `one whose id another job has got is neither cancelled nor told of`(what: String) throws {
        let run = try run(
            "local j = { job_id = '4713', \(what) } print(cancel(j)) print(state(j)) print((state(job '4713')))")
        #expect(lines(run)[0] == "false\tthe server has given the id to another job since")
        #expect(lines(run)[1] == "nil" && lines(run)[2] == "RUNNING")
    }

    @Test func `a table of an own job is the job, as long as it is not over`() throws {
        let run = try run(
            """
            local own = start 'long'
            local found = studio.jobs { label = 'long', limit = 1 }[1]
            print(found.job_id == own.job_id, cancel(found))
            print(pcall(wait, found))
            """)

        #expect(lines(run)[0] == "true\ttrue" && lines(run)[1].hasPrefix("false"))
        #expect(run.end?.status == .succeeded)
    }

    @Test func `several are waited for together, the first of them too`() throws {
        let run = try run(
            """
            print(wait_any { job '4713', job '4711' })
            local rs = wait { job '4711', start 'a' }
            print(#rs, rs[1].label, rs[2].label)
            """)

        #expect(lines(run)[0].hasPrefix("2\tother: COMPLETED") && lines(run)[1] == "2\tother\ta")
        #expect(run.end?.status == .succeeded && run.end?.running.isEmpty == true)
    }

    @Test func `a finally waits for what its scope has left`() throws {
        let run = try run(
            """
            pcall(timeout, '1m', function()
              finally(function(e) print(#e.running, e.running[1].label, wait(e.running[1]).state) end, { timeout = '2h' })
              execute 'long'
            end)
            """)
        #expect(run.output == ["1\tlong\tCOMPLETED"] && run.end?.status == .succeeded)
    }

    @Test func `a retry has nothing to do with it`() throws {
        let run = try run("execute 'a' wait { job_id = '99' }")
        #expect(run.end?.status == .failed)
        #expect(throws: RetryError.self) {
            _ = try RunMachine.planRetry(of: run.records, run.configuration, by: "me")
        }
        #expect(throws: RetryError.self) {
            _ = try RunMachine.planRetry(of: run.records, run.configuration, by: "me", from: ["job 99"])
        }
    }

    @Test func `where the server cannot be asked for one job, it is looked for in the list`() throws {
        var description = try SimulatedStudio.description(for: Scenario(yaml: Self.scenario))
        description.operations[.getJob] = nil
        let run = try VirtualRun(
            "studio.execute_schedule 'others' print(wait({ job_id = '4711' }).state) print(pcall(job, 4711))",
            scenario: Self.scenario, description: description
        ).run()
        #expect(run.output.first == "COMPLETED" && run.output.last?.contains("getJob") == true)
    }
}
