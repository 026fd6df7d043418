import DataStudio
import Orchestration
import SimulatedStudio
import Testing

/// What scripts see of a server besides their own jobs.
@Suite struct StudioTests {
    private static let scenario = """
        operations: [cancelJob, getDataset, refreshDataset, executeSchedule]
        workflows: { load: { duration: 1h, space: Customer }, match: { duration: 1m, space: Other } }
        datasets: { customers: { duration: 5m } }
        schedules: { nightly: [load, match] }
        """

    @Test func `a script sees workflows, spaces and jobs`() throws {
        let run = try VirtualRun(
            """
            for _, w in ipairs(studio.workflows()) do print(w.label, w.name, w.space) end
            for _, s in ipairs(studio.spaces()) do print(s.label) end
            start("load", { detach = true })
            execute "match"
            for _, j in ipairs(studio.jobs()) do print(j.label, j.state, j.job_id) end
            print(#studio.jobs { label = "match" }, #studio.jobs { state = "RUNNING" }, #studio.jobs { limit = 1 })
            print(#studio.jobs { since = now() - 30 }, #studio.jobs { since = now() + 30 })
            """, scenario: Self.scenario
        ).run()
        #expect(
            run.output == [
                "load\tload\tCustomer", "match\tmatch\tOther", "Customer", "Other", "match\tCOMPLETED\t4712",
                "load\tRUNNING\t4711", "1\t1\t1", "0\t0",
            ])
    }

    @Test func `refreshing a dataset waits until it is loaded`() throws {
        let run = try VirtualRun(
            """
            local before = studio.dataset "customers"
            print(before.state, before.refreshed)
            local d = studio.refresh_dataset "customers"
            print(d.label, d.state, d.refreshed - run_began >= 300)
            """.replacing("run_began", with: "\(1_772_337_906)"), scenario: Self.scenario
        ).run()
        #expect(run.output == ["COMPLETED\tnil", "customers\tCOMPLETED\ttrue"])
        #expect((300...311).contains(Int(run.duration)))
    }

    @Test func `a schedule is executed once, and doubt about it is an error that says so`() throws {
        let done = try VirtualRun(#"print(studio.execute_schedule "nightly")"#, scenario: Self.scenario).run()
        #expect(done.output == ["true"])
        #expect(done.studio.jobs(at: done.now).map(\.label) == ["load", "match"])
        #expect(done.records.map(\.body.kind).starts(with: ["began", "intent", "answered"]))
        let lost = try VirtualRun(
            """
            local ok, e = pcall(studio.execute_schedule, "nightly")
            print(ok, e.kind, e.running, e.message)
            """, scenario: Self.scenario + "\nfaults: [ { operation: executeSchedule, fault: lost } ]"
        ).run()
        #expect(
            lost.output.first?.hasPrefix("false\tprotocol\tunknown\tstudio.execute_schedule: it is not known") == true)
        #expect(lost.studio.log.count { $0.operation == .executeSchedule } == 1)
    }

    @Test(arguments: [
        (#"studio.dataset "gone""#, "rejected", "No dataset with the external label \"gone\" exists."),
        (#"studio.execute_schedule "gone""#, "rejected", "No schedule"),
        (#"studio.jobs { stat = "RUNNING" }"#, "script", "unknown option \"stat\" (did you mean \"state\"?)"),
        (#"studio.jobs { state = "BUSY" }"#, "script", "takes \"QUEUED\" or"),
        (#"studio.jobs { limit = 0 }"#, "script", "a whole number from 1"),
        (#"studio.workflows("x")"#, "script", "options are a table; got \"x\""),
        (#"studio.dataset(7)"#, "script", "a label was expected, a text; got 7"),
        (#"studio.spaces { server = "nowhere" }"#, "script", "the server \"nowhere\" is not configured"),
    ])
    func `what cannot be asked is an error at its line`(call: String, kind: String, message: String) throws {
        let run = try VirtualRun(
            "local ok, e = pcall(function()\n  \(call)\nend)\nprint(e.kind, e.where, e.message)",
            scenario: Self.scenario
        ).run()
        let output = try #require(run.output.first)
        #expect(output.hasPrefix("\(kind)\ttest.lua:2\t"), "\(output)")
        #expect(output.contains(message), "\(output)")
    }

    @Test func `what the server does not offer is unsupported`() throws {
        let run = try VirtualRun(
            """
            for _, f in ipairs { "dataset", "refresh_dataset", "execute_schedule" } do
              print(select(2, pcall(studio[f], "x")).kind)
            end
            """
        ).run()
        #expect(run.output == ["unsupported", "unsupported", "unsupported"])
    }

    @Test func `the functions of another server are bound to it`() throws {
        let run = try VirtualRun(
            """
            local staging = server "staging"
            print(staging.name)
            print(staging.execute("match", { params = { a = 1 } }).label)
            print(staging.execute { "match", name = "again" }.label)
            local j = staging.start "match"
            print(staging.state(j))
            wait(j)
            print((staging.state "match"))
            print(#staging.studio.workflows(), #staging.studio.jobs { label = "match", limit = 2 })
            """, scenario: Self.scenario, spaces: ["staging": nil]
        ).run()
        #expect(run.end?.status == .succeeded, "\(run.end?.error?.text ?? "")")
        #expect(
            run.output == [
                "staging", "match", "match", "RUNNING\tjob 4713 (match)", "COMPLETED", "2\t2",
            ])
        let servers = run.records.compactMap { record in
            if case .intent(let intent) = record.body { intent.server } else { nil }
        }
        #expect(servers == ["staging", "staging", "staging"])
    }

    @Test(arguments: [
        (#"server "stagin""#, "the server \"stagin\" is not configured (did you mean \"staging\"?)"),
        (#"server "staging".execute { "match", tiemout = 1 }"#, "unknown option \"tiemout\""),
        (#"server "staging".execute("match", 5)"#, "options are a table; got 5"),
    ])
    func `an error of a bound function names the line of the script`(call: String, message: String) throws {
        let run = try VirtualRun("\n\(call)", scenario: Self.scenario, spaces: ["staging": nil]).run()
        #expect(run.end?.status == .failed)
        #expect(run.end?.error?.text.contains("test.lua:2") == true, "\(run.end?.error?.text ?? "")")
        #expect(run.end?.error?.text.contains(message) == true, "\(run.end?.error?.text ?? "")")
    }

    // MARK: if_running

    /// Starts a job that is nobody's, as somebody outside of Baton would.
    private func running(_ option: String, scenario: String = "others: { duration: 10m }") throws -> VirtualRun {
        try VirtualRun(
            """
            start("wf1", { detach = true })
            sleep "1m"
            local r = execute { "wf1", if_running = "\(option)" }
            print(r.job_id)
            """, scenario: scenario
        ).run()
    }

    @Test func `a workflow that runs already is started once more, unless told otherwise`() throws {
        #expect(try running("start").output == ["4712"])
    }

    @Test func `if_running waits for the job and then starts its own`() throws {
        let run = try running("wait")
        #expect(run.output == ["4712"])
        let second = try #require(run.studio.jobs(at: run.now).last)
        let first = try #require(run.studio.jobs(at: run.now).first)
        #expect(try #require(second.created) >= #require(first.finished))
        let waits = run.events.contains { event in
            if case .step(let step) = event,
                case .waiting("waits for job 4711 of the same workflow to end") = step.change
            {
                true
            } else {
                false
            }
        }
        #expect(waits)
    }

    @Test func `if_running joins the job and takes its result`() throws {
        let run = try running("join")
        #expect(run.output == ["4711"])
        #expect(run.started == ["wf1"])
        #expect(run.end?.status == .succeeded)
    }

    @Test func `if_running fails beside a job, and names it`() throws {
        let run = try running("fail")
        #expect(run.end?.status == .failed)
        #expect(run.end?.error?.message == "wf1: the workflow already runs on the server as job 4711")
        #expect(run.started == ["wf1"])
    }

    @Test(arguments: ["wait", "join", "fail"])
    func `a workflow that does not run is started`(option: String) throws {
        let run = try VirtualRun(#"print(execute { "wf1", if_running = "\#(option)" }.job_id)"#).run()
        #expect(run.output == ["4711"])
    }

    @Test func `a step that waits for somebody else's job can be stopped`() throws {
        let run = try VirtualRun(
            """
            start("wf1", { detach = true })
            sleep "1m"
            print(select(2, pcall(timeout, "2m", execute, { "wf1", if_running = "wait" })).kind)
            """, scenario: "others: { duration: 10m }"
        ).run()
        #expect(run.output == ["timeout"])
        #expect(run.started == ["wf1"])
        #expect(run.end?.notStarted == ["wf1"])
    }

    @Test func `where jobs cannot be listed, if_running says so`() throws {
        var description = try APIDescription.default()
        description.operations[.listJobs] = nil
        let run = try VirtualRun(#"execute { "wf1", if_running = "wait" }"#, description: description).run()
        #expect(run.end?.status == .failed)
        #expect(run.end?.error?.message.contains("no operation listJobs") == true)
        #expect(run.started.isEmpty)
    }
}
