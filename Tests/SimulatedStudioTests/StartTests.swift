import DataStudio
import JSON
import SimulatedStudio
import Testing

struct StartTests {
    @Test func `the first job is 4711`() throws {
        var client = try Client(.anything)
        let reply = client.execute(#"{"externalLabel":"wf1"}"#)
        #expect(reply == .json(status: 200, .object([JSONMember(name: "jobId", value: 4711)])))
        #expect(try client.start("wf1") == JobID("4712"))
    }

    @Test func `UUIDs follow from the seed`() throws {
        var scenario = Scenario.anything
        scenario.ids = .uuid
        var one = try Client(scenario, seed: 1)
        var same = try Client(scenario, seed: 1)
        var other = try Client(scenario, seed: 2)
        let ids = [try one.start("wf1"), try one.start("wf1"), try other.start("wf1")]
        #expect(try same.start("wf1") == ids[0])
        #expect(Set(ids).count == 3)
        let form = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
        for id in ids { #expect(id.text.wholeMatch(of: form) != nil) }
        #expect(try one.job(ids[1]).id == ids[1])
    }

    @Test(arguments: [
        ("", "The body is not JSON: the text ends too early, at byte 0."),
        ("[]", "The body is not an object."),
        ("{}", #""externalLabel" is missing."#),
        (#"{"externalLabel":""}"#, #""externalLabel" is missing."#),
        (#"{"externalLabel":7}"#, #""externalLabel" has to be a string."#),
        (#"{"externalLabel":"wf1","spaceExternalLabel":1}"#, #""spaceExternalLabel" has to be a string."#),
        (#"{"externalLabel":"wf1","refreshSources":"yes"}"#, #""refreshSources" has to be true or false."#),
        (#"{"externalLabel":"wf1","sources":{}}"#, #""sources" has to be a list."#),
        (#"{"externalLabel":"wf1","workflowParameters":[]}"#, #""workflowParameters" has to be an object."#),
        (
            #"{"externalLabel":"wf1","workflowParameters":{"year":2026}}"#,
            #"The value of parameter "year" has to be a string."#
        ),
    ])
    func `a body that is wrong is refused with 400`(body: String, message: String) throws {
        var client = try Client(.anything)
        let reply = client.execute(body)
        #expect(reply.status == 400)
        #expect(reply.message == message)
        #expect(client.studio.jobs(at: client.now).isEmpty)
    }

    @Test func `an unknown label is refused with 404`() throws {
        var client = try Client(yaml: "workflows: { wf1: {} }")
        let reply = client.execute(#"{"externalLabel":"wf9"}"#)
        #expect(reply.status == 404)
        #expect(reply.message == #"No workflow with the external label "wf9" exists in environment "default"."#)
    }

    @Test func `a workflow of another space is refused with 404`() throws {
        var client = try Client(yaml: "workflows: { wf1: { space: Customer } }")
        let reply = client.execute(#"{"externalLabel":"wf1","spaceExternalLabel":"Orders"}"#)
        #expect(reply.status == 404)
        #expect(reply.message == #"No workflow with the external label "wf1" exists in space "Orders"."#)
        #expect(throws: Never.self) { try client.start(WorkflowStart(label: "wf1", space: "Customer")) }
        #expect(throws: Never.self) { try client.start("wf1") }
    }

    @Test func `a parameter that is required has to be there, others may be`() throws {
        var client = try Client(yaml: "workflows: { wf2: { requires: [region] } }")
        let reply = client.execute(#"{"externalLabel":"wf2","workflowParameters":{"year":"2026"}}"#)
        #expect(reply.status == 400)
        #expect(reply.message == #"Parameter "region" is required by workflow "wf2"."#)
        let parameters = [
            WorkflowParameter(name: "region", value: "north"), WorkflowParameter(name: "year", value: "2026"),
        ]
        let id = try client.start("wf2", parameters: parameters)
        #expect(try client.job(id).details["parameters"]?.jsonText == #"{"region":"north","year":"2026"}"#)
    }

    @Test func `a start that is told to fail runs nothing`() throws {
        var client = try Client(yaml: "workflows: { wf3: { reply: 503 } }")
        let reply = client.execute(#"{"externalLabel":"wf3"}"#)
        #expect(reply.status == 503)
        #expect(reply.message == #"Workflow "wf3" is told to answer 503."#)
        #expect(client.studio.jobs(at: client.now).isEmpty)
    }

    @Test func `a lost reply leaves a job`() throws {
        var client = try Client(yaml: "workflows: { wf4: { reply: lost } }")
        #expect(client.execute(#"{"externalLabel":"wf4"}"#) == .dropped)
        #expect(try client.jobs().items.map(\.label) == ["wf4"])
        #expect(client.studio.log.first?.status == nil)
        #expect(client.studio.log.first?.job == JobID("4711"))
    }

    @Test func `everything that Baton can send is taken`() throws {
        var client = try Client(.anything)
        let start = WorkflowStart(
            label: "wf1", space: "Customer", version: .draft, dependencies: .published, refresh: false,
            parameters: [WorkflowParameter(name: "region", value: "north")],
            sources: [
                SourceReplacement(
                    source: "In", dataset: "orders", columns: [WorkflowParameter(name: "a", value: "b")])
            ])
        let id = try client.start(start)
        #expect(try client.job(id).details["spaceExternalLabel"] == "Customer")
    }
}
