import DataStudio
import JSON
import Testing

/// Reading API descriptions: everything that is wrong is told at once.
@Suite struct APIDescriptionTests {
    private func problems(_ yaml: String) -> [String] {
        do throws(YAMLProblems) {
            _ = try APIDescription(yaml: yaml)
            return []
        } catch {
            return error.problems.map { "\($0)" }
        }
    }

    @Test func `everything that is wrong is told, with its line`() {
        let problems = problems(
            """
            verfied: true
            base: api/1.0
            authentication: "{environment}"
            operations:
              executeWorkflow: { method: POST, path: /run }
              getJob: { method: FETCH, path: /jobs }
              listJobs: { method: GET, path: "jobs", query: { since: "{created}" }, firstPage: 2, reply: { lists: /a } }
              listWorkflow: {}
            job: { id: id, stat: /state }
            states: { DONE: FINISHED }
            """)
        for part in [
            "verfied (line 1): unknown key (did you mean \"verified\"?)", "base (line 2): has to begin with a slash",
            "authentication (line 3): has to contain {key}",
            "operations.executeWorkflow (line 5): the label has no place: it needs body.label, or {label} in its path",
            "operations.getJob.method (line 6): has to be GET, POST, PUT, PATCH or DELETE; got \"FETCH\"",
            "operations.getJob.path (line 6): has no {jobId}", "operations.listJobs.path (line 7): has to be a path",
            "operations.listJobs.query.since (line 7): unknown placeholder {created}: known here are {page}",
            "operations.listJobs.firstPage (line 7): has to be a whole number from 0 to 1",
            "operations.listJobs.reply.lists (line 7): unknown key (did you mean \"list\"?)",
            "operations.listWorkflow (line 8): unknown key (did you mean \"listWorkflows\"?)",
            "job.id (line 9): has to be a JSON pointer, which begins with a slash, as /id",
            "job.stat (line 9): unknown key (did you mean \"state\"?)", "job.state (line 9): is missing",
            "states.DONE (line 10): has to be QUEUED or RUNNING or COMPLETED or FAILED or CANCELLED",
        ] { #expect(problems.contains { $0.hasPrefix(part) }, "\(part) in \(problems.joined(separator: "\n"))") }
        #expect(problems.count == 15, "\(problems.joined(separator: "\n"))")
    }

    @Test(arguments: ["", "# nothing", "a: [", "- a"])
    func `what is no description is an error`(yaml: String) {
        #expect(!problems(yaml).isEmpty)
    }

    @Test func `without a word for COMPLETED nothing could succeed`() throws {
        let problems = problems(
            """
            operations: { getJob: { method: GET, path: "/jobs/{jobId}" } }
            job: { id: /id, state: /state }
            states: { RUNNING: RUNNING }
            """)
        #expect(problems == ["states (line 3): no name stands for COMPLETED: no job could ever succeed"])
    }

    @Test func `names of states are told apart without regard to case`() {
        let problems = problems(
            """
            operations: { getJob: { method: GET, path: "/jobs/{jobId}" } }
            job: { id: /id, state: /state }
            states: { Done: COMPLETED, DONE: FAILED }
            """)
        #expect(problems == ["states.DONE (line 3): differs from Done by its case only, which does not count"])
    }

    @Test func `what only asks has to be a GET`() {
        let problems = problems(
            """
            operations:
              getJob: { method: DELETE, path: "/jobs/{jobId}" }
              listJobs: { method: POST, path: /jobs/search }
              keyInformation: { method: POST, path: /workflows/execute }
            job: { id: /id, state: /state }
            states: { DONE: COMPLETED }
            """)
        #expect(
            problems.map { $0.prefix { $0 != ":" } } == [
                "operations.getJob.method (line 2)", "operations.keyInformation.method (line 4)",
            ])
    }

    @Test func `the label may stand in the path, ids in the whole reply, jobs inside of it`() throws {
        let api = StudioAPI(
            try APIDescription(
                yaml: """
                    base: /s
                    operations:
                      executeWorkflow:
                        method: POST
                        path: /workflows/{label}/run
                        body: { parameters: p }
                        reply: { id: "" }
                      getJob: { method: GET, path: "/runs/{jobId}", reply: { object: /data } }
                    job: { id: /ref/id, state: /status/0 }
                    states: { done: COMPLETED }
                    """))
        let start = try api.startRequest(WorkflowStart(label: "a b", parameters: [.init(name: "x", value: "1")]))
        #expect(start.path == "/s/workflows/a%20b/run")
        #expect(start.body?.jsonText == #"{"p":{"x":"1"}}"#)
        #expect(try api.readStart(StudioReply(status: 201, body: Array("\"r-1\"".utf8))).text == "r-1")
        #expect(try api.readStart(StudioReply(status: 201, body: Array("17".utf8))).text == "17")
        let job = try api.readJob(
            StudioReply(status: 200, body: Array(#"{"data":{"ref":{"id":1},"status":["DONE"]}}"#.utf8)))
        #expect(job.id.text == "1")
        #expect(job.state == .completed)
    }

    struct PageCase: Sendable {
        let reply: String
        let body: String
        let asked: ListCursor
        let next: ListCursor?
    }

    @Test(arguments: [
        PageCase(
            reply: "{ list: /i, pages: /n }", body: #""n":2"#, asked: .first, next: ListCursor(page: 1, offset: 2)),
        PageCase(reply: "{ list: /i, pages: /n }", body: #""n":2"#, asked: ListCursor(page: 1, offset: 2), next: nil),
        PageCase(
            reply: "{ list: /i, total: /n }", body: #""n":5"#, asked: ListCursor(page: 1, offset: 2),
            next: ListCursor(page: 2, offset: 4)),
        PageCase(reply: "{ list: /i, total: /n }", body: #""n":4"#, asked: ListCursor(page: 1, offset: 2), next: nil),
        PageCase(
            reply: "{ list: /i, more: /n }", body: #""n":true"#, asked: .first, next: ListCursor(page: 1, offset: 2)),
        PageCase(reply: "{ list: /i, more: /n }", body: #""n":false"#, asked: .first, next: nil),
        PageCase(
            reply: "{ list: /i, last: /n }", body: #""n":false"#, asked: .first, next: ListCursor(page: 1, offset: 2)),
        PageCase(reply: "{ list: /i, last: /n }", body: #""n":true"#, asked: .first, next: nil),
        // A server that counts nothing has ended with a page that is not full.
        PageCase(reply: "{ list: /i }", body: #""n":0"#, asked: .first, next: ListCursor(page: 1, offset: 2)),
    ])
    func `there are more pages as the server tells it`(page: PageCase) throws {
        let api = StudioAPI(
            try APIDescription(
                yaml: """
                    operations:
                      listJobs:
                        { method: GET, path: /jobs, query: { p: "{page}", o: "{offset}", n: "{pageSize}" }, firstPage: 1, maxPageSize: 2,
                          reply: \(page.reply) }
                    job: { id: /id, state: /state }
                    states: { DONE: COMPLETED }
                    """))
        let request = try api.jobListRequest(createdAfter: nil, at: page.asked, pageSize: 500)
        #expect(request.path == "/jobs?n=2&o=\(page.asked.offset)&p=\(page.asked.page + 1)")
        let body = #"{"i":[{"id":1,"state":"DONE"},{"id":2,"state":"DONE"}],\#(page.body)}"#
        let reply = StudioReply(status: 200, body: Array(body.utf8))
        #expect(try api.readJobs(reply, at: page.asked, pageSize: 500).next == page.next)
    }
}
