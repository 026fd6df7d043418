import DataStudio
import JSON
import SimulatedStudio
import Testing

/// The simulator has to speak whatever description it is given: here one that differs in every name.
struct DescriptionTests {
    private static func description() throws -> APIDescription {
        try APIDescription(
            yaml: """
                verified: false
                base: /studio
                authentication: "{environment} {key}"
                operations:
                  executeWorkflow:
                    method: put
                    path: /run
                    body: { label: workflow, space: folder, parameters: values }
                    reply: { id: /execution/ref }
                  getJob:
                    method: GET
                    path: /executions({jobId})
                  listJobs:
                    method: GET
                    path: /executions
                    query: { since: "ge {createdAfter}", p: "{page}", n: "{pageSize}", sort: newest }
                    reply: { list: /data/rows, pages: /data/count }
                  cancelJob:
                    method: DELETE
                    path: /executions({jobId})
                  listWorkflows:
                    method: GET
                    path: /flows
                job:
                  id: /ref
                  label: /workflow/label
                  state: /status/name
                  created: /times/0
                  started: /times/1
                  finished: /times/2
                  message: /status/detail
                workflow: { label: /key }
                error: { message: /errors/0/text }
                states: { Waiting: QUEUED, Active: RUNNING, Done: COMPLETED, Broken: FAILED, Stopped: CANCELLED }
                """)
    }

    private static func client() throws -> Client {
        let workflow = SimulatedWorkflow(
            queued: .seconds(1), duration: .seconds(1), outcome: .failed, message: "no", space: "F")
        let scenario = Scenario(workflows: [.init(label: "wf 1/2", workflow: workflow)])
        return try Client(scenario, description: description())
    }

    @Test func `a job is written with the names of the description`() throws {
        var client = try Self.client()
        _ = try client.start("wf 1/2")
        #expect(
            client.send("GET", "/studio/executions(4711)").json?.jsonText == """
                {"ref":4711,"workflow":{"label":"wf 1/2"},"workflowName":"wf 1/2","spaceExternalLabel":"F",\
                "user":"simulated","status":{"name":"Waiting","detail":null},\
                "times":["2026-03-01T04:05:06.007Z",null,null],"parameters":{}}
                """)
    }

    @Test func `Baton reads back all that it wrote`() throws {
        var client = try Self.client()
        let id = try client.start("wf 1/2")
        client.now = client.now + .seconds(2)
        let job = try client.job(id)
        #expect(job.label == "wf 1/2")
        #expect(job.state == .failed)
        #expect(job.stateName == "Broken")
        #expect(job.started == Client.beginning + .seconds(1))
        #expect(job.finished == Client.beginning + .seconds(2))
        #expect(job.message == "no")
        #expect(client.studio.jobs(at: client.now) == [job])

        _ = try client.start("wf 1/2")
        #expect(try client.jobs().items.map(\.id.text) == ["4712", "4711"])
        #expect(try client.jobs(createdAfter: client.now).items.map(\.id.text) == ["4712"])
        #expect(try client.jobs(page: 1, pageSize: 1).items == [job])
        #expect(try client.jobs(page: 0, pageSize: 1).next == ListCursor(page: 1, offset: 1))
        #expect(try client.jobs(page: 1, pageSize: 1).next == nil)
        try client.cancel(JobID("4712"))
        #expect(try client.job(JobID("4712")).stateName == "Stopped")
        #expect(try client.workflows().items.map(\.label) == ["wf 1/2"])
    }

    @Test func `an error is written where the description reads it`() throws {
        var client = try Self.client()
        #expect(throws: StudioFault.rejected(status: 404, message: #"No job with the id "1" exists."#)) {
            try client.job(JobID("1"))
        }
        let reply = client.send("GET", "/studio/executions(1)").json
        #expect(reply?.jsonText == #"{"status":404,"errors":[{"text":"No job with the id \"1\" exists."}]}"#)
    }

    @Test func `a list without a place for the number of pages comes whole`() throws {
        let entries = (0..<500).map { Scenario.Entry(label: "wf\($0)", workflow: SimulatedWorkflow()) }
        var client = try Client(Scenario(workflows: entries), description: Self.description())
        #expect(try client.workflows().items.count == 500)
        #expect(client.send("GET", "/studio/flows").json?.elements?.count == 500)
    }

    @Test func `a state has one name even if several mean it`() throws {
        var description = try APIDescription.default()
        description.states = ["WAITING": .queued, "PENDING": .queued, "RUNNING": .running, "ACTIVE": .running]
        var client = try Client(
            Scenario(others: SimulatedWorkflow(queued: .seconds(1))), description: description)
        let id = try client.start("wf1")
        #expect(try client.job(id).stateName == "PENDING")
        client.now = client.now + .seconds(1)
        #expect(try client.job(id).stateName == "RUNNING")
    }

    @Test func `a fixed path wins over one with an id`() throws {
        var description = try APIDescription.default()
        description.operations[.listWorkflows]?.path = "/jobs/workflows"
        var client = try Client(yaml: "workflows: { wf1: {} }")
        client = try Client(client.studio.scenario, description: description)
        #expect(try client.workflows().items.map(\.label) == ["wf1"])
    }
}
