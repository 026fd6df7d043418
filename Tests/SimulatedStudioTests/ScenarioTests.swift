import DataStudio
import SimulatedStudio
import Testing

struct ScenarioTests {
    @Test func `a scenario holds what its file says`() throws {
        let scenario = try Scenario(
            yaml: """
                environment: production
                key: secret
                ids: uuid
                operations: [cancelJob]
                others: { duration: 1s }
                workflows:
                  wf2: { duration: 1m, outcome: FAILED, message: "Row 17", queued: 1s, requires: [region], space: Customer }
                  wf3: { reply: 503 }
                  wf1: { reply: lost }
                  4:
                """)
        var expected = Scenario(
            others: SimulatedWorkflow(duration: .seconds(1)),
            workflows: [
                .init(
                    label: "wf2",
                    workflow: SimulatedWorkflow(
                        queued: .seconds(1), duration: .seconds(60), outcome: .failed, message: "Row 17",
                        requires: ["region"], space: "Customer")),
                .init(label: "wf3", workflow: SimulatedWorkflow(reply: .error(status: 503))),
                .init(label: "wf1", workflow: SimulatedWorkflow(reply: .lost)),
                .init(label: "4", workflow: SimulatedWorkflow()),
            ])
        expected.environment = "production"
        expected.key = "secret"
        expected.ids = .uuid
        expected.operations = [.cancelJob]
        #expect(scenario == expected)
    }

    @Test func `what a scenario leaves out has a default`() throws {
        let scenario = try Scenario(yaml: "workflows: { wf1: { duration: 2 } }")
        #expect(scenario.environment == "default")
        #expect(scenario.key == "simulated-key")
        #expect(scenario.ids == .integer)
        #expect(scenario.operations.isEmpty)
        #expect(scenario.others == nil)
        #expect(scenario.workflows.map(\.workflow) == [SimulatedWorkflow(duration: .seconds(2))])
    }

    @Test(arguments: [
        ("0", Duration.zero), ("2", .seconds(2)), ("1.5", .milliseconds(1500)), ("90s", .seconds(90)),
        ("5m", .seconds(300)), ("2h", .seconds(7200)), ("1h30m", .seconds(5400)), ("500ms", .milliseconds(500)),
        ("1h2m3s4ms", .milliseconds(3_723_004)), ("0.5h", .seconds(1800)), ("8784h", .seconds(366 * 86_400)),
    ])
    func `a duration is a number of seconds or has units`(text: String, duration: Duration) throws {
        let scenario = try Scenario(yaml: "others: { duration: \(text) }")
        #expect(scenario.others?.duration == duration)
    }

    @Test(arguments: [
        "", "-1", "1e3", "inf", "s", "5 m", "30m1h", "1s1s", "1m30", "1.2.3s", ".", "8785h", "0x10", "[1]",
        "99999999999999999999h",
    ])
    func `what is no duration is an error`(text: String) throws {
        let error = try #require(throws: YAMLProblems.self) { try Scenario(yaml: "others: { duration: \(text) }") }
        #expect(error.problems.map(\.place) == ["others.duration"])
    }

    @Test(arguments: ["", "  \n", "# nothing but a comment\n"])
    func `an empty file is an error`(yaml: String) throws {
        let error = try #require(throws: YAMLProblems.self) { try Scenario(yaml: yaml) }
        #expect(error.description == "the scenario is empty: it needs `workflows` or `others`")
    }

    @Test(arguments: ["a: [", "a: 1\na: 2", "- a", "wf1"])
    func `what is no mapping is an error`(yaml: String) {
        #expect(throws: YAMLProblems.self) { try Scenario(yaml: yaml) }
    }

    @Test func `all errors come at once, each with its place and line`() throws {
        let error = try #require(throws: YAMLProblems.self) {
            try Scenario(
                yaml: """
                    ids: guid
                    operations: [cancelJob, getJob]
                    key:
                    workflows:
                      wf1: { duration: soon, outcome: RUNNING }
                      wf2: { reply: 200, requires: region, colour: red }
                      wf3: 5
                    enviroment: default
                    """)
        }
        #expect(
            error.description == """
                ids (line 1): has to be integer or uuid or string (did you mean "uuid"?)
                operations[1] (line 2): has to be cancelJob or getDataset or refreshDataset or executeSchedule
                key (line 3): has to be a text
                workflows.wf1.duration (line 5): has to be a duration up to 366 days: seconds, or as 500ms, 90s, 5m, 2h, 1h30m
                workflows.wf1.outcome (line 5): has to be COMPLETED or FAILED or CANCELLED
                workflows.wf2.colour (line 6): unknown key: known here are duration, failures, message, outcome, queued, reply, requires, space
                workflows.wf2.reply (line 6): has to be a status from 400 to 599, or `lost`
                workflows.wf2.requires (line 6): has to be a list, as [a, b]
                workflows.wf3 (line 7): has to be a mapping of keys to values
                enviroment (line 8): unknown key (did you mean "environment"?): known here are environment, key, keys, key_user, key_expires, tells_key, ids, times, clock, stamps, clock_steps, sends_date, list_lag, list_order, lists_queued, tells_whose, echo, seed, largest_page, operations, api, openapi, openapi_path, others, workflows, datasets, schedules, faults, http
                """)
    }

    @Test func `anything goes in the scenario that lists nothing`() throws {
        var client = try Client(.anything)
        let id = try client.start("whatever")
        client.now = client.now + .milliseconds(999)
        #expect(try client.job(id).state == .running)
        client.now = client.now + .milliseconds(1)
        #expect(try client.job(id).state == .completed)
    }
}
