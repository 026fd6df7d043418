import DataStudio
import JSON
import SimulatedStudio
import Testing

/// Servers that are odd in their clocks, their lists, and what they tell of keys and parameters.
struct OddServerTests {
    /// A server on which a job is queued for a second and runs for a minute.
    private func client(_ more: String) throws -> Client {
        try Client(yaml: "others: { queued: 1s, duration: 1m }\n\(more)")
    }

    @Test func `a scenario holds every oddity of its file`() throws {
        let scenario = try Scenario(
            yaml: #"""
                others:
                keys: { other-key: other.user }
                key_user: 'CORP\baton'
                tells_key: false
                stamps: { ahead: -90s, resolution: 1s, job_resolution: 1m, zone: -5h, clocks: [0, +3s, -2s] }
                clock_steps: [ { from: 10s, by: -1h }, { by: 1m } ]
                sends_date: false
                list_order: shuffled
                echo: upper
                """#)
        var expected = Scenario(others: SimulatedWorkflow())
        expected.keys = ["other-key": "other.user"]
        expected.keyUser = #"CORP\baton"#
        expected.tellsKey = false
        expected.stamps = Scenario.StampStyle(
            ahead: .seconds(-90), resolution: .seconds(1), jobResolution: .seconds(60), zone: .seconds(-5 * 3600),
            clocks: [.zero, .seconds(3), .seconds(-2)])
        expected.clockSteps = [
            Scenario.ClockStep(from: .seconds(10), by: .seconds(-3600)), Scenario.ClockStep(by: .seconds(60)),
        ]
        expected.sendsDate = false
        expected.listOrder = .shuffled
        expected.echo = .upper
        #expect(scenario == expected)
    }

    @Test func `a scenario that names no oddity has none`() throws {
        let scenario = try Scenario(yaml: "others:\nstamps:")
        #expect(scenario == Scenario(others: SimulatedWorkflow()))
        #expect(scenario.stamps == Scenario.StampStyle())
        #expect(scenario.stamps.zone == nil && scenario.stamps.jobResolution == nil)
        #expect(scenario.sendsDate && scenario.tellsKey && scenario.keyUser == nil && scenario.keys.isEmpty)
        #expect(scenario.listOrder == .newestFirst && scenario.echo == .exact && scenario.clockSteps.isEmpty)
    }

    @Test func `every mistake in an oddity is reported`() throws {
        let error = try #require(throws: YAMLProblems.self) {
            try Scenario(
                yaml: """
                    others:
                    keys: { other: }
                    key_user:
                    tells_key: maybe
                    stamps: { ahead: soon, resolution: -1s, job_resolution: x, zone: UTC, clocks: [0, y], colour: red }
                    clock_steps: [ { from: 1s }, { by: x }, { from: -1s, by: 1h }, 5, ~ ]
                    sends_date: 1
                    list_order: newest
                    echo: lower
                    """)
        }
        #expect(
            Set(error.problems.map { "\($0.line ?? 0) \($0.place)" }) == [
                "2 keys.other", "3 key_user", "4 tells_key", "5 stamps.ahead", "5 stamps.resolution",
                "5 stamps.job_resolution", "5 stamps.zone", "5 stamps.clocks[1]", "5 stamps.colour",
                "6 clock_steps[0].by", "6 clock_steps[1].by", "6 clock_steps[2].from", "6 clock_steps[3]",
                "6 clock_steps[4].by", "7 sends_date", "8 list_order", "9 echo",
            ], "\(error)")
        #expect(error.problems.count == 17, "\(error)")
        #expect("\(error)".contains("has to be newest_first or oldest_first or shuffled"))
        #expect("\(error)".contains("known here are ahead, resolution, job_resolution, zone, clocks"))
    }

    // MARK: Stamps

    @Test func `the clock that stamps jobs may differ from that of the date`() throws {
        var client = try client("clock: 10s\nstamps: { ahead: -100s }")
        let id = try client.start("wf1")
        client.now = client.now + .seconds(61)
        let job = try client.job(id)
        let stamp = Client.beginning + .seconds(-90)
        #expect(job.created == stamp)
        #expect(job.started == stamp + .seconds(1))
        #expect(job.finished == stamp + .seconds(61))
        #expect(client.studio.stamp(of: id, at: client.now) == stamp)
        #expect(client.studio.jobs(at: client.now).first?.created == Client.beginning, "the true time")
        // Filters compare stamps.
        #expect(try client.jobs(createdAfter: stamp).items.count == 1)
        #expect(try client.jobs(createdAfter: stamp + .milliseconds(1)).items.isEmpty)
    }

    @Test(arguments: [
        ("0", "2026-03-01T04:05:06.007Z"), ("5ms", "2026-03-01T04:05:06.005Z"), ("500ms", "2026-03-01T04:05:06.000Z"),
        ("1s", "2026-03-01T04:05:06Z"), ("5s", "2026-03-01T04:05:05Z"), ("1m", "2026-03-01T04:05Z"),
        ("1h", "2026-03-01T04:00Z"),
    ])
    func `stamps are truncated to their resolution`(resolution: String, stamp: String) throws {
        var client = try client("stamps: { resolution: \(resolution) }")
        let id = try client.start("wf1")
        #expect(client.listed("createdTime") == [.string(stamp)])
        #expect(client.told(id, "createdTime") == .string(stamp))
        let instant = try #require(Timestamp(iso8601: stamp))
        #expect(client.studio.stamp(of: id, at: client.now) == instant)
        #expect(try client.jobs(createdAfter: instant).items.count == 1)
        #expect(try client.jobs(createdAfter: instant + .milliseconds(1)).items.isEmpty)
    }

    @Test(arguments: [
        ("{ job_resolution: 1s }", "2026-03-01T04:05:06.007Z", "2026-03-01T04:05:06Z"),
        ("{ resolution: 1m, job_resolution: 0 }", "2026-03-01T04:05Z", "2026-03-01T04:05:06.007Z"),
    ])
    func `one job alone may have stamps of another resolution`(stamps: String, list: String, alone: String) throws {
        var client = try client("stamps: \(stamps)")
        let id = try client.start("wf1")
        #expect(client.listed("createdTime") == [.string(list)])
        #expect(client.told(id, "createdTime") == .string(alone))
        #expect(client.studio.stamp(of: id, at: client.now) == Timestamp(iso8601: list))
    }

    @Test(arguments: [
        ("{ zone: -5h }", "2026-02-28T23:05:06.007"), ("{ zone: 0 }", "2026-03-01T04:05:06.007"),
        ("{ zone: 5h30m, resolution: 1s }", "2026-03-01T09:35:06"),
        ("{ zone: 5h30m, resolution: 1h }", "2026-03-01T09:00"),
    ])
    func `stamps may be local times that do not tell their zone`(stamps: String, stamp: String) throws {
        var client = try client("stamps: \(stamps)")
        let id = try client.start("wf1")
        #expect(client.listed("createdTime") == [.string(stamp)])
        let instant = try #require(Timestamp(iso8601: stamp))
        #expect(client.studio.stamp(of: id, at: client.now) == instant, "as if it were UTC")
        #expect(try client.jobs(createdAfter: instant).items.count == 1, "also to filters")
        #expect(try client.jobs(createdAfter: instant + .milliseconds(1)).items.isEmpty)
    }

    @Test(arguments: [
        ("seconds", "{ zone: -5h }", 1_772_337_906), ("milliseconds", "{ zone: -5h }", 1_772_337_906_007),
        ("seconds", "{ resolution: 1m }", 1_772_337_900), ("milliseconds", "{ resolution: 1m }", 1_772_337_900_000),
    ])
    func `stamps that are numbers are truncated and have no zone`(times: String, stamps: String, number: Int) throws {
        var client = try client("times: \(times)\nstamps: \(stamps)")
        let id = try client.start("wf1")
        #expect(client.listed("createdTime") == [.integer(Int64(number))])
        #expect(client.studio.stamp(of: id, at: client.now) == Timestamp(.integer(Int64(number))))
    }

    @Test func `several machines stamp jobs in turn`() throws {
        var client = try client("stamps: { ahead: 1s, clocks: [0, 2s, -1h] }")
        _ = try client.start("wf1")
        _ = client.studio.startElsewhere("wf1", by: "somebody", at: client.now)
        for _ in 0..<2 { _ = try client.start("wf1") }
        let seconds = [1, 3, -3599, 1]
        let stamps = seconds.map { Client.beginning + .seconds($0) }
        let ids = (4711...4714).map { JobID(String($0)) }
        let alone = try ids.compactMap { try client.job($0).created }
        #expect(alone == stamps)
        let listed = try client.jobs().items.reversed().compactMap(\.created)
        #expect(listed == stamps)
        let told = ids.compactMap { client.studio.stamp(of: $0, at: client.now) }
        #expect(told == stamps)
    }

    @Test func `a clock that is set changes the stamps of what comes later`() throws {
        var client = try client("clock_steps: [ { from: 10s, by: -1h }, { from: 20s, by: 30m } ]")
        let (hour, half) = (Duration.seconds(-3600), Duration.seconds(-1800))
        var starts: [Timestamp] = []
        var ids: [JobID] = []
        for milliseconds in [0, 9500, 10_000, 20_000] {
            client.now = Client.beginning + .milliseconds(milliseconds)
            starts.append(client.now)
            ids.append(try client.start("wf1"))
        }
        client.now = client.now + .seconds(30)
        let jobs = try ids.map { try client.job($0) }
        let created = [starts[0], starts[1], starts[2] + hour, starts[3] + half]
        #expect(jobs.compactMap(\.created) == created)
        let began = starts.map { $0 + .seconds(1) }
        let started = [began[0], began[1] + hour, began[2] + hour, began[3] + half]
        #expect(jobs.compactMap(\.started) == started)
        #expect(client.studio.jobs(at: client.now).compactMap(\.created) == starts, "the true times")
        let reply = client.send("GET", "/api/1.0/jobs").received(at: client.now)
        #expect(reply.date == Timestamp(milliseconds: client.now.seconds * 1000), "the date follows its own clock")
    }

    @Test func `stamps of jobs of the past follow from their own times`() throws {
        var client = try client("stamps: { ahead: 1h }\nclock_steps: [ { from: 10s, by: 1m } ]")
        client.now = Client.beginning + .seconds(20)
        let past = Client.beginning + .seconds(-86_400)
        let given = client.studio.startElsewhere("wf1", by: "somebody", at: past)
        let id = try #require(given)
        client.studio.addEarlierJob("wf2", state: .completed, for: .zero, at: client.now)
        #expect(client.studio.stamp(of: id, at: client.now) == past + .seconds(3600))
        #expect(client.studio.stamp(of: JobID("4712"), at: client.now) == client.now, "an hour ago, an hour ahead")
        #expect(try client.job(id).created == past + .seconds(3600))
    }

    @Test func `the stamp is that of the newest job with the id`() throws {
        var client = try client("faults: [ { fault: down, from: 10s, for: 10s, jobs: reuse_ids } ]")
        let id = try client.start("wf1")
        #expect(client.studio.stamp(of: id, at: client.now) == Client.beginning)
        #expect(client.studio.stamp(of: id, at: client.now + .milliseconds(-1)) == nil)
        #expect(client.studio.stamp(of: JobID("1"), at: client.now) == nil)
        client.now = client.now + .seconds(20)
        #expect(try client.start("wf1") == id)
        #expect(client.studio.stamp(of: id, at: client.now) == client.now)
    }

    @Test func `there is no stamp where the API description has no place for it`() throws {
        var description = try APIDescription.default()
        description.job.created = nil
        var client = try Client(.anything, description: description)
        let id = try client.start("wf1")
        #expect(client.studio.stamp(of: id, at: client.now) == nil)
    }

    // MARK: Dates and lists

    @Test func `replies may have no date`() throws {
        var client = try client("sends_date: false")
        for path in ["/api/1.0/jobs", "/nowhere", "/simulator"] {
            let reply = client.send("GET", path)
            #expect(!reply.hasDate, "\(path)")
            #expect(reply.received(at: client.now).date == nil, "\(path)")
        }
        var usual = try Client(.anything)
        #expect(usual.send("GET", "/api/1.0/jobs").hasDate)
    }

    @Test(arguments: [
        ("newest_first", ["4716", "4715", "4714", "4713", "4712", "4711"]),
        ("oldest_first", ["4711", "4712", "4713", "4714", "4715", "4716"]),
        ("shuffled", ["4714", "4713", "4711", "4712", "4715", "4716"]),
    ])
    func `jobs are listed in the order of the scenario`(order: String, ids: [String]) throws {
        var client = try client("list_order: \(order)")
        for _ in ids { _ = try client.start("wf1") }
        #expect(try client.jobs().items.map(\.id.text) == ids)
        let pages = try (0..<2).flatMap { try client.jobs(page: $0, pageSize: 4).items }
        #expect(pages.map(\.id.text) == ids, "the same in every request")
        _ = try client.start("wf1")
        #expect(try client.jobs().items.map(\.id.text).filter { $0 != "4717" } == ids)
    }

    // MARK: Keys and parameters

    @Test func `the key may name its user otherwise than jobs do`() throws {
        var client = try client(#"key_user: 'CORP\baton'"#)
        let id = try client.start("wf1")
        #expect(client.told(id, "user") == "simulated")
        #expect(try client.api.readKey(client.send(client.api.keyRequest())).user == #"CORP\baton"#)
    }

    @Test func `a server may not tell whose key it is`() throws {
        let path = "/api/1.0/apikeys/current"
        var client = try client("tells_key: false")
        #expect(!client.api.supports(.keyInformation))
        #expect(client.send("GET", path).status == 404)
        // A description that the server is given may have the operation: the server has none.
        client = try Client(client.studio.scenario, description: APIDescription.default())
        #expect(client.send("GET", path).status == 404)
        #expect(client.send("GET", "/api/1.0/jobs").status == 200)
    }

    @Test func `each key has its user, whose jobs it makes`() throws {
        var client = try client(
            """
            operations: [executeSchedule]
            schedules: { s: [wf1] }
            keys: { other-key: other.user }
            """)
        func user() throws -> String? { try client.api.readKey(client.send(client.api.keyRequest())).user }
        let first = try client.start("wf1")
        #expect(try user() == "simulated")
        client.authorization = "default other-key"
        let second = try client.start("wf1")
        #expect(try user() == "other.user")
        try client.api.readDone(client.send(client.api.scheduleRequest("s")))
        #expect(client.listed("user") == ["other.user", "other.user", "simulated"])
        #expect(client.told(first, "user") == "simulated", "whoever asks")
        #expect(client.told(second, "user") == "other.user")
        client.authorization = "production other-key"
        #expect(client.send("GET", "/api/1.0/jobs").status == 403)
        client.authorization = "default third-key"
        #expect(client.send("GET", "/api/1.0/jobs").status == 401)
    }

    @Test func `parameters may come back in upper case`() throws {
        var client = try client("echo: upper")
        let id = try client.start("wf1", parameters: [WorkflowParameter(name: "region", value: "north-1")])
        #expect(client.told(id, "parameters")?.jsonText == #"{"region":"NORTH-1"}"#)
        #expect(client.listed("parameters").map(\.jsonText) == [#"{"region":"NORTH-1"}"#])
        #expect(client.studio.jobLog(at: client.now)[0]["parameters"]?.jsonText == #"{"region":"north-1"}"#)
    }
}

extension Client {
    /// A field of all jobs of the list, as it is written.
    fileprivate mutating func listed(_ field: String) -> [JSON] {
        send("GET", "/api/1.0/jobs").json?["items"]?.elements?.compactMap { $0[field] } ?? []
    }

    /// A field of the answer of `getJob`, as it is written.
    fileprivate mutating func told(_ id: JobID, _ field: String) -> JSON? {
        send("GET", "/api/1.0/jobs/\(id)").json?[field]
    }
}
