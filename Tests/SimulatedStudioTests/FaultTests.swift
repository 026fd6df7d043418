import DataStudio
import JSON
import SimulatedStudio
import Testing

/// What goes wrong when a scenario says so, and when.
struct FaultTests {
    private func client(_ faults: String, more: String = "") throws -> Client {
        try Client(yaml: "others: { duration: 1m }\n\(more)\nfaults: \(faults)")
    }

    @Test func `a fault has a beginning and a length`() throws {
        var client = try client("[ { fault: 503, from: 10s, for: 5s } ]")
        var statuses: [Int] = []
        for second in [0, 9, 10, 14, 15] {
            client.now = Client.beginning + .seconds(second)
            statuses.append(client.send("GET", "/api/1.0/jobs").status)
        }
        #expect(statuses == [200, 200, 503, 503, 200])
    }

    @Test func `a fault hits one operation, one workflow, after so many, so often`() throws {
        var client = try client("[ { fault: 500, operation: executeWorkflow, label: wf2, skip: 1, count: 2 } ]")
        func start(_ label: String) -> Int { client.execute(#"{"externalLabel":"\#(label)"}"#).status }
        #expect(["wf1", "wf2", "wf2", "wf1", "wf2", "wf2"].map(start) == [200, 200, 500, 200, 500, 200])
        #expect(client.studio.jobs(at: client.now).count == 4, "what is refused runs nothing")
    }

    @Test func `chance follows from the seed`() throws {
        func statuses(_ seed: Int) throws -> [Int] {
            var client = try client("[ { fault: 503, probability: 0.5 } ]", more: "seed: \(seed)")
            return (0..<200).map { _ in client.send("GET", "/api/1.0/jobs").status }
        }
        #expect(try statuses(1) == statuses(1))
        #expect(try statuses(1) != statuses(2))
        #expect((60...140).contains(try statuses(1).count { $0 == 503 }))
    }

    @Test func `an answer may be lost with or without what it was about`() throws {
        var client = try client(
            "[ { fault: lost, label: a }, { fault: reset, label: b }, { fault: 504, label: c, done: true } ]")
        let replies = ["a", "b", "c"].map { client.execute(#"{"externalLabel":"\#($0)"}"#) }
        #expect(replies.map(\.delivery) == [.nothing, .nothing, .complete])
        #expect(replies[2].status == 504)
        #expect(client.studio.jobs(at: client.now).map(\.label) == ["a", "c"])
        #expect(client.studio.log.map(\.status) == [nil, nil, 504])
        #expect(client.studio.log.map(\.fault) == ["lost", "reset", "504"])
    }

    @Test(arguments: [
        ("no_body", SimulatedReply.Delivery.head), ("half_body", .half), ("trickle", .trickle),
    ])
    func `an answer may come in part`(word: String, delivery: SimulatedReply.Delivery) throws {
        var client = try client("[ { fault: \(word) } ]")
        let reply = client.execute(#"{"externalLabel":"a"}"#)
        #expect(reply.delivery == delivery)
        #expect(reply.status == 200)
        #expect(client.studio.jobs(at: client.now).count == 1)
    }

    @Test func `an error has a body of JSON, a page, or none, and says when to come back`() throws {
        var client = try client(
            """
            [ { fault: 503, count: 1, retry_after: 90s }, { fault: 502, count: 1, body: html },
              { fault: 500, count: 1, body: empty }, { fault: redirect, to: /elsewhere } ]
            """)
        let replies = (0..<4).map { _ in client.send("GET", "/api/1.0/jobs") }
        #expect(replies[0].retryAfter == 90)
        #expect(replies[0].message != nil)
        #expect(replies[1].contentType == "text/html")
        #expect(replies[2].body.isEmpty)
        #expect(replies[3].status == 302)
        #expect(replies[3].location == "/elsewhere")
    }

    @Test func `a delay adds to whatever else happens`() throws {
        var client = try client("[ { fault: delay, time: 2s }, { fault: delay, time: 1s }, { fault: 503 } ]")
        let reply = client.send("GET", "/api/1.0/jobs")
        #expect(reply.status == 503)
        #expect(reply.delay == .seconds(3))
    }

    @Test(arguments: [("keep", ["4711", "4712"]), ("lose", ["4712"]), ("reuse_ids", ["4711"])])
    func `a server that was down keeps its jobs, loses them, or gives their ids away again`(
        jobs: String, ids: [String]
    ) throws {
        var client = try client("[ { fault: down, from: 10s, for: 10s, jobs: \(jobs) } ]")
        _ = try client.start("wf1")
        client.now = Client.beginning + .seconds(15)
        #expect(client.send("GET", "/api/1.0/jobs").delivery == .refused)
        #expect(client.studio.log.count == 1, "nobody was there to write it down")
        client.now = Client.beginning + .seconds(20)
        _ = try client.start("wf2")
        #expect(client.studio.jobs(at: client.now).map(\.id.text) == ids)
    }

    @Test func `jobs may vanish, and come back`() throws {
        var client = try client("[ { fault: vanish, label: wf1, from: 5s, for: 5s } ]")
        let id = try client.start("wf1")
        _ = try client.start("wf2")
        client.now = Client.beginning + .seconds(5)
        #expect(try client.jobs().items.map(\.label) == ["wf2"])
        #expect(throws: StudioFault.self) { try client.job(id) }
        client.now = Client.beginning + .seconds(10)
        #expect(try client.job(id).label == "wf1")
    }

    @Test func `a job may be in a state that nobody knows`() throws {
        var client = try client("[ { fault: state, state: PAUSED } ]")
        let id = try client.start("wf1")
        #expect(try client.job(id).stateName == "PAUSED")
        #expect(try client.jobs().items.map(\.state) == [.unknown])
    }

    @Test func `a new job may be listed late`() throws {
        var client = try client("[]", more: "list_lag: 2s")
        let id = try client.start("wf1")
        #expect(try client.jobs().items.isEmpty)
        #expect(try client.job(id).id == id)
        client.now = Client.beginning + .seconds(2)
        #expect(try client.jobs().items.count == 1)
    }

    @Test func `the server's clock may be another`() throws {
        var client = try client("[]", more: "clock: -90s")
        let id = try client.start("wf1")
        #expect(try client.job(id).created == Client.beginning + .seconds(-90))
        // What is asked for by the server's clock is found by it.
        #expect(try client.jobs(createdAfter: Client.beginning + .seconds(-90)).items.count == 1)
        #expect(try client.jobs(createdAfter: Client.beginning).items.isEmpty)
    }

    @Test(arguments: [("seconds", "1772337906"), ("milliseconds", "1772337906007")])
    func `times may be numbers`(form: String, text: String) throws {
        var client = try client("[]", more: "times: \(form)")
        _ = try client.start("wf1")
        #expect(client.send("GET", "/api/1.0/jobs/4711").json?["createdTime"]?.jsonText == text)
    }

    @Test func `what is wrong with faults is told at once`() throws {
        let error = try #require(throws: YAMLProblems.self) {
            try Scenario(
                yaml: """
                    others:
                    faults:
                      - { fault: dwn }
                      - { from: 1s }
                      - { fault: delay }
                      - { fault: 200 }
                      - { fault: down, operation: getJob }
                      - { fault: lost, probability: 2, count: 0 }
                      - { fault: 503, body: xml, time: 1s }
                    """)
        }
        #expect(
            Set(error.problems.map { "\($0.line ?? 0) \($0.place)" }) == [
                "3 faults[0].fault", "4 faults[1].fault", "5 faults[2].time", "6 faults[3].fault",
                "7 faults[4].operation", "8 faults[5].probability", "8 faults[5].count", "9 faults[6].time",
                "9 faults[6].body",
            ], "\(error)")
        #expect("\(error)".contains("did you mean \"down\"?"))
    }

    // MARK: Datasets, schedules, keys

    @Test func `a dataset loads for its time`() throws {
        var client = try Client(yaml: "operations: [getDataset, refreshDataset]\ndatasets: { d: { duration: 5s } }")
        func dataset() throws -> Dataset {
            try client.api.readDataset(client.send(client.api.datasetRequest("d")), label: "d")
        }
        #expect(try dataset().state == .completed)
        try client.api.readDone(client.send(client.api.refreshRequest("d")))
        #expect(try dataset().state == .running)
        client.now = client.now + .seconds(5)
        #expect(try dataset().state == .completed)
        #expect(try dataset().refreshed == client.now)
        #expect(client.send("GET", "/api/1.0/datasets/e").status == 404)
    }

    @Test func `a schedule starts its workflows`() throws {
        var client = try Client(
            yaml: "operations: [executeSchedule]\nworkflows: { a: {}, b: {} }\nschedules: { n: [b, a] }")
        try client.api.readDone(client.send(client.api.scheduleRequest("n")))
        #expect(client.studio.jobs(at: client.now).map(\.label) == ["b", "a"])
        #expect(client.send("POST", "/api/1.0/schedules/m/execute").status == 404)
    }

    @Test func `the key tells whose it is and when it expires`() throws {
        var client = try Client(yaml: "others:\nkey_expires: 1d")
        let key = try client.api.readKey(client.send(client.api.keyRequest()))
        #expect(key.user == "simulated")
        #expect(key.expires == Client.beginning + .seconds(86_400))
    }

    @Test func `the page of the simulator shows jobs and requests, and needs no key`() throws {
        var client = try client("[]")
        _ = try client.start("wf1")
        client.authorization = nil
        let page = client.send("GET", "/simulator")
        #expect(String(decoding: page.body, as: UTF8.self).contains("/simulator/state.json"))
        let state = try #require(client.send("GET", "/simulator/state.json").json)
        #expect(state["jobs"]?.elements?.first?["label"] == "wf1")
        #expect(state["requests"]?.elements?.last?["path"] == "/api/1.0/workflows/execute")
    }
}
