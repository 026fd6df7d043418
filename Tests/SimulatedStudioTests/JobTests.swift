import DataStudio
import JSON
import SimulatedStudio
import Testing

struct JobTests {
    private static let yaml = """
        operations: [cancelJob]
        others: { duration: 10s }
        workflows:
          wf2: { queued: 1s, duration: 1m, outcome: FAILED, message: "Row 17", space: Customer }
        """

    @Test func `a job is queued, then runs, then has its outcome`() throws {
        var client = try Client(yaml: Self.yaml)
        let id = try client.start("wf2")
        let created = client.now
        let (started, finished) = (created + .seconds(1), created + .seconds(61))

        client.now = created + .milliseconds(999)
        var job = try client.job(id)
        #expect(job.state == .queued)
        #expect(job.created == created)
        #expect(job.started == nil)

        client.now = started
        job = try client.job(id)
        #expect(job.state == .running)
        #expect(job.started == started)

        client.now = finished + .milliseconds(-1)
        job = try client.job(id)
        #expect(job.state == .running)
        #expect(job.finished == nil)
        #expect(job.message == nil)

        client.now = finished
        job = try client.job(id)
        #expect(job.state == .failed)
        #expect(job.finished == finished)
        #expect(job.message == "Row 17")
    }

    @Test func `a job has all the fields of the default description`() throws {
        var client = try Client(yaml: Self.yaml)
        _ = try client.start("wf2", parameters: [WorkflowParameter(name: "region", value: "north")])
        #expect(
            client.send("GET", "/api/1.0/jobs/4711").json?.jsonText == """
                {"id":4711,"workflowExternalLabel":"wf2","workflowName":"wf2","spaceExternalLabel":"Customer",\
                "user":"simulated","state":"QUEUED","createdTime":"2026-03-01T04:05:06.007Z","startTime":null,\
                "endTime":null,"message":null,"parameters":{"region":"north"}}
                """)
    }

    @Test func `a job without duration is finished at once`() throws {
        var client = try Client(yaml: "others: { duration: 0, outcome: CANCELLED }")
        let job = try client.job(client.start("wf1"))
        #expect(job.state == .cancelled)
        #expect(job.started == client.now)
        #expect(job.finished == client.now)
    }

    @Test(arguments: ["4711", "0", "abc", "%34711x", "%zz"])
    func `a job that does not exist is answered with 404`(id: String) throws {
        var client = try Client(.anything)
        #expect(client.send("GET", "/api/1.0/jobs/\(id)").status == 404)
    }

    @Test func `the id in a path may be percent-encoded`() throws {
        var client = try Client(.anything)
        _ = try client.start("wf1")
        #expect(client.send("GET", "/api/1.0/jobs/%34711").status == 200)
    }

    // MARK: Cancelling

    @Test func `a running job can be cancelled`() throws {
        var client = try Client(yaml: Self.yaml)
        let id = try client.start("wf1")
        client.now = client.now + .seconds(3)
        try client.cancel(id)
        let cancelled = client.now
        client.now = client.now + .seconds(60)
        let job = try client.job(id)
        #expect(job.state == .cancelled)
        #expect(job.started == job.created)
        #expect(job.finished == cancelled)
    }

    @Test func `a job that is cancelled while queued never starts`() throws {
        var client = try Client(yaml: Self.yaml)
        let id = try client.start("wf2")
        try client.cancel(id)
        client.now = client.now + .seconds(100)
        let job = try client.job(id)
        #expect(job.state == .cancelled)
        #expect(job.started == nil)
        #expect(job.message == nil)
    }

    @Test func `a finished job cannot be cancelled`() throws {
        var client = try Client(yaml: Self.yaml)
        let id = try client.start("wf1")
        client.now = client.now + .seconds(10)
        let reply = client.send("POST", "/api/1.0/jobs/\(id)/cancel")
        #expect(reply.status == 409)
        #expect(reply.message == "Job 4711 is already COMPLETED.")
        #expect(try client.job(id).state == .completed)
        #expect(client.send("POST", "/api/1.0/jobs/1/cancel").status == 404)
    }

    @Test func `cancelling is there only if the scenario has it`() throws {
        var client = try Client(.anything)
        let id = try client.start("wf1")
        #expect(client.api.supports(.cancelJob) == false)
        #expect(client.send("POST", "/api/1.0/jobs/\(id)/cancel").status == 404)
    }

    // MARK: Lists

    @Test func `jobs are listed newest first, queued ones too`() throws {
        var client = try Client(yaml: Self.yaml)
        for label in ["wf1", "wf2", "wf3"] {
            _ = try client.start(label)
            client.now = client.now + .milliseconds(100)
        }
        let page = try client.jobs()
        #expect(page.items.map(\.label) == ["wf3", "wf2", "wf1"])
        #expect(page.items.map(\.state) == [.running, .queued, .running])
        #expect(page.next == nil)
    }

    @Test func `a list begins with the jobs created at the time asked for`() throws {
        var client = try Client(.anything)
        for label in ["wf1", "wf2", "wf3"] {
            client.now = client.now + .seconds(1)
            _ = try client.start(label)
        }
        let second = Client.beginning + .seconds(2)
        #expect(try client.jobs(createdAfter: second).items.map(\.label) == ["wf3", "wf2"])
        #expect(try client.jobs(createdAfter: second + .milliseconds(1)).items.map(\.label) == ["wf3"])
        let local = client.send("GET", "/api/1.0/jobs?createdAfter=2026-03-01T06:05:08.007+02:00")
        #expect(local.json?["items"]?.elements?.count == 2)
        #expect(client.send("GET", "/api/1.0/jobs?createdAfter=yesterday").status == 400)
    }

    @Test func `a long list comes in pages`() throws {
        var client = try Client(.anything)
        for _ in 0..<5 { _ = try client.start("wf1") }
        let pages = try (0..<4).map { try client.jobs(page: $0, pageSize: 2) }
        #expect(pages.map { $0.items.map(\.id.text) } == [["4715", "4714"], ["4713", "4712"], ["4711"], []])
        #expect(pages.map(\.next?.page) == [1, 2, nil, nil])
        #expect(client.send("GET", "/api/1.0/jobs?page=1&pageSize=2").json?["page"] == 1)
    }

    @Test func `an empty list has one page`() throws {
        var client = try Client(.anything)
        #expect(client.send("GET", "/api/1.0/jobs").json?.jsonText == #"{"items":[],"page":0,"totalPages":1}"#)
    }

    @Test func `a page has 200 entries unless told otherwise, and 10000 at most`() throws {
        var client = try Client(.anything)
        for _ in 0..<10_001 { _ = try client.start("wf1") }
        func count(_ query: String) -> Int? {
            client.send("GET", "/api/1.0/jobs?\(query)").json?["items"]?.elements?.count
        }
        #expect(count("") == 200)
        #expect(count("pageSize=10001") == 10_000)
        #expect(count("pageSize=10001&page=1") == 1)
        #expect(count("page=9223372036854775807") == 0)
    }

    @Test(arguments: ["page=-1", "page=x", "pageSize=0", "pageSize=1.5"])
    func `a page that is no number is refused with 400`(query: String) throws {
        var client = try Client(.anything)
        #expect(client.send("GET", "/api/1.0/jobs?\(query)").status == 400)
    }

    @Test func `workflows are listed in the order of the scenario`() throws {
        var client = try Client(yaml: "workflows: { b: { space: Customer }, a: {}, c: {} }")
        #expect(try client.workflows().items.map(\.label) == ["b", "a", "c"])
        #expect(
            client.send("GET", "/api/1.0/workflows").json?["items"]?.elements?.first?.jsonText
                == #"{"externalLabel":"b","name":"b","spaceExternalLabel":"Customer"}"#)
    }

    @Test func `many workflows are listed in pages of 200`() throws {
        let entries = (0..<201).map { Scenario.Entry(label: "wf\($0)", workflow: SimulatedWorkflow()) }
        var client = try Client(Scenario(workflows: entries))
        #expect(try client.workflows().items.count == 200)
        #expect(try client.workflows().next == ListCursor(page: 1, offset: 200))
        #expect(try client.workflows(page: 1).items.map(\.label) == ["wf200"])
    }
}
