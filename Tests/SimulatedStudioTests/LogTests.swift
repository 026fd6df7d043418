import DataStudio
import JSON
import SimulatedStudio
import Testing

struct LogTests {
    @Test func `each request is logged with what it was about`() throws {
        var client = try Client(yaml: "workflows: { wf1: {}, wf4: { reply: lost } }")
        _ = try client.start("wf1")
        client.now = client.now + .seconds(1)
        _ = client.execute(#"{"externalLabel":"wf4"}"#)
        _ = client.execute(#"{"externalLabel":"wf9"}"#)
        _ = try client.job(JobID("4711"))
        _ = client.send("GET", "/nowhere?a=b")
        let (first, later) = (Client.beginning, Client.beginning + .seconds(1))
        let execute = "/api/1.0/workflows/execute"
        #expect(
            client.studio.log == [
                StudioLogEntry(
                    at: first, method: "POST", path: execute, status: 200, operation: .executeWorkflow, label: "wf1",
                    job: JobID("4711")),
                StudioLogEntry(
                    at: later, method: "POST", path: execute, status: nil, operation: .executeWorkflow, label: "wf4",
                    job: JobID("4712")),
                StudioLogEntry(
                    at: later, method: "POST", path: execute, status: 404, operation: .executeWorkflow, label: "wf9"),
                StudioLogEntry(
                    at: later, method: "GET", path: "/api/1.0/jobs/4711", status: 200, operation: .getJob,
                    job: JobID("4711")),
                StudioLogEntry(at: later, method: "GET", path: "/nowhere?a=b", status: 404),
            ])
        #expect(
            client.studio.log[1].json.jsonText == """
                {"event":"request","at":"2026-03-01T04:05:07.007Z","method":"POST",\
                "path":"/api/1.0/workflows/execute","status":null,"operation":"executeWorkflow","label":"wf4",\
                "job":"4712"}
                """)
    }

    @Test func `the key is in no log`() throws {
        var client = try Client(.anything)
        _ = try client.start("wf1")
        client.authorization = "default secret-of-somebody"
        _ = client.send("GET", "/api/1.0/jobs")
        let text = client.studio.log.map(\.json.jsonText).joined() + "\(client.studio.log)"
        #expect(!text.contains("simulated-key"))
        #expect(!text.contains("secret-of-somebody"))
    }

    @Test func `a full log forgets the older half`() throws {
        var client = try Client(.anything)
        for number in 0..<SimulatedStudio.logLimit { _ = client.send("GET", "/\(number)") }
        #expect(client.studio.log.count == SimulatedStudio.logLimit)
        _ = client.send("GET", "/last")
        #expect(client.studio.log.count == SimulatedStudio.logLimit / 2 + 1)
        #expect(client.studio.log.first?.path == "/\(SimulatedStudio.logLimit / 2)")
        #expect(client.studio.log.last?.path == "/last")
    }

    @Test func `the log of jobs shows which of them overlapped`() throws {
        var client = try Client(yaml: "others: { duration: 10s }\nworkflows: { wf2: { queued: 5s, duration: 10s } }")
        _ = try client.start("wf1")
        _ = try client.start("wf2")
        client.now = client.now + .seconds(10)
        #expect(
            client.studio.jobLog(at: client.now).map(\.jsonText) == [
                """
                {"event":"job","id":4711,"label":"wf1","created":"2026-03-01T04:05:06.007Z",\
                "started":"2026-03-01T04:05:06.007Z","finished":"2026-03-01T04:05:16.007Z","state":"COMPLETED"}
                """,
                """
                {"event":"job","id":4712,"label":"wf2","created":"2026-03-01T04:05:06.007Z",\
                "started":"2026-03-01T04:05:11.007Z","finished":null,"state":"RUNNING"}
                """,
            ])
    }
}
