import DataStudio
import HTTPTypes
import JSON
import Testing

@Suite struct StudioAPITests {
    private let api: StudioAPI

    init() throws {
        api = StudioAPI(try .default())
    }

    private func reply(_ status: Int, _ body: String) -> StudioReply {
        StudioReply(status: status, body: Array(body.utf8))
    }

    @Test func `the default description is unverified and complete`() throws {
        let description = try APIDescription.default()
        #expect(!description.verified)
        #expect(
            Set(description.operations.keys) == [
                .executeWorkflow, .getJob, .listJobs, .listWorkflows, .listSpaces, .keyInformation,
            ])
    }

    @Test func `requests are built from the description`() throws {
        let start = try api.startRequest(WorkflowStart(label: "wf \"1\""))
        #expect(start.method.rawValue == "POST")
        #expect(start.path == "/api/1.0/workflows/execute")
        #expect(start.body?.jsonText == #"{"externalLabel":"wf \"1\""}"#)
        #expect(try api.jobRequest(JobID("a/b c")).path == "/api/1.0/jobs/a%2Fb%20c")
        let list = try api.jobListRequest(
            createdAfter: Timestamp(milliseconds: 0), at: ListCursor(page: 2, offset: 100), pageSize: 50)
        #expect(list.path == "/api/1.0/jobs?createdAfter=1970-01-01T00%3A00%3A00.000Z&page=2&pageSize=50")
        #expect(
            try api.jobListRequest(createdAfter: nil, pageSize: 50).path == "/api/1.0/jobs?page=0&pageSize=50")
        #expect(api.authorization(environment: "Prod", key: "k") == "Prod k")
    }

    @Test func `an absent operation is unsupported`() {
        #expect(throws: StudioFault.unsupported(.cancelJob)) { try api.cancelRequest(JobID("1")) }
    }

    @Test(arguments: [
        (#"{"jobId":4711}"#, "4711"), (#"{"JOBID":"9b1c"}"#, "9b1c"),
        (#"{"jobId":9007199254740993}"#, "9007199254740993"),
    ])
    func `a job's id is a text`(body: String, id: String) throws {
        #expect(try api.readStart(reply(200, body)).text == id)
    }

    @Test(arguments: [
        (200, "{}", StudioFault.protocolViolation("the reply has no job id: {}")),
        (200, "", .protocolViolation("not JSON: the text ends too early, at byte 0: (empty body)")),
        (401, #"{"message":"who?"}"#, .unauthorised(status: 401, message: "who?")),
        (403, "no", .unauthorised(status: 403, message: "no")),
        (404, #"{"message":"no such"}"#, .rejected(status: 404, message: "no such")),
        (429, "", .busy(retryAfter: nil)),
        (503, "<html>\n down</html>", .failed(status: 503, message: "(a page) down")),
        (302, "", .protocolViolation("the server redirects (302)")),
    ])
    func `what is no success is a fault`(status: Int, body: String, fault: StudioFault) {
        #expect(throws: fault) { try api.readStart(reply(status, body)) }
    }

    @Test func `a job is read whatever the case of its names, and keeps what we do not know`() throws {
        let body = """
            {"ID":"7","workflowexternallabel":"wf","State":"completed","createdTime":1772337906,
             "endTime":"2026-03-01T04:05:06Z","rows":17}
            """
        let job = try api.readJob(reply(200, body))
        #expect(job.id.text == "7")
        #expect(job.label == "wf")
        #expect(job.state == .completed)
        #expect(job.started == nil)
        #expect(job.finished?.milliseconds == 1_772_337_906_000)
        #expect(job.details["rows"] == 17)
    }

    @Test func `an unknown state is not finished`() throws {
        let job = try api.readJob(reply(200, #"{"id":1,"state":"PAUSED"}"#))
        #expect(job.state == .unknown)
        #expect(job.stateName == "PAUSED")
        #expect(!job.state.isFinal)
    }

    @Test func `lists are read with their number of pages`() throws {
        let page = try api.readJobs(reply(200, #"{"items":[{"id":1,"state":"RUNNING"},{"odd":1}],"totalPages":3}"#))
        #expect(page.items.map(\.id.text) == ["1"])
        #expect(page.unreadable == 1)
        #expect(page.next == ListCursor(page: 1, offset: 2))
        #expect(throws: StudioFault.self) { try api.readJobs(reply(200, "{}")) }
    }

    @Test func `a list goes on for five hundred pages at most`() throws {
        let reply = reply(200, #"{"items":[{"id":1,"state":"RUNNING"}],"totalPages":100000}"#)
        let last = ListCursor(page: ListCursor.mostPages - 1, offset: 1_000)
        let before = try api.readJobs(reply, at: ListCursor(page: last.page - 1, offset: 0))
        #expect(before.next?.page == last.page && !before.isCut)
        let cut = try api.readJobs(reply, at: last)
        #expect(cut.next == nil && cut.isCut)
    }
}
