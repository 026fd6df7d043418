import DataStudio
import Orchestration
import Testing

/// What scripts do outside of Data Studio, and how often.
@Suite struct EffectTests {
    @Test func `a reply of another server is a table, and is not asked for again`() throws {
        let run = try VirtualRun(
            """
            local r = http.get("http://other/day", { headers = { Accept = "text/plain" } })
            print(r.status, r.body, r.headers.etag)
            """)
        run.answers = [.http(HTTPReply(status: 200, headers: ["etag": "7"], body: "Monday"))]
        try run.run()
        #expect(run.output == ["200\tMonday\t7"])
        let call = HTTPCall(method: "GET", url: "http://other/day", headers: ["Accept": "text/plain"])
        #expect(run.effects == [.http(call)])
        #expect(!run.records.contains { $0.body.kind == "intent" })
        #expect(try asked(run, upTo: run.records.count).isEmpty)
        try expectKept(run, "answered")
    }

    @Test func `what changes something there is written down before, and never sent again`() throws {
        let run = try VirtualRun(
            #"local ok, e = pcall(http.post, "http://other/", { body = "x" }) print(ok, e.kind, e.running)"#)
        run.answers = [.http(HTTPReply(status: 204))]
        try run.run()
        let intent = try #require(run.records.firstIndex { $0.body.kind == "intent" })
        let answer = try #require(run.records.firstIndex { $0.body.kind == "answered" })
        #expect(intent < answer)
        try expectKept(run, "intent")
        // Killed before the intent it is asked for; killed after it, nobody knows.
        #expect(try asked(run, upTo: intent).count == 1)
        let machine = try RunMachine(run.configuration, at: run.records[0].at)
        let actions = try machine.resume(Array(run.records[...intent]), at: run.now)
        #expect(!actions.contains { if case .ask = $0 { true } else { false } })
        #expect(actions.contains { if case .report(.print("false\tprotocol\tunknown")) = $0 { true } else { false } })
    }

    @Test func `a notice is told again until it has been told`() throws {
        let run = try VirtualRun(#"notify { title = "Night", text = "begins", level = "warn" } print "told""#).run()
        #expect(run.output == ["told"])
        #expect(run.effects == [.notify(Notice(title: "Night", text: "begins", level: .warn))])
        let answer = try #require(run.records.firstIndex { $0.body.kind == "answered" })
        #expect(try asked(run, upTo: answer).count == 1)
        #expect(try asked(run, upTo: answer + 1).isEmpty)
    }

    @Test(
        arguments: [
            ("{ queued: 5m, duration: 30s }", nil), ("{ queued: 5m, duration: 90s }", 360), ("{ duration: 90s }", 60),
            ("{ queued: 30s, duration: 50s }", nil),
        ] as [(String, Int?)])
    func `time in the server's queue does not make a step late`(workflow: String, seconds: Int?) throws {
        let script = #"local r = execute { "a", max = "1m", on_check = "warn" } print(r.late, #r.warnings)"#
        let run = try VirtualRun(script, scenario: "workflows: { a: \(workflow) }").run()
        // The alarm and the check at the end say the same.
        #expect(run.output == [seconds == nil ? "false\t0" : "true\t1"])
        #expect(run.effects.count == (seconds == nil ? 0 : 1))
        let begun = try #require(run.records.first { $0.body.kind == "accepted" }).at
        let fired = run.records.first { $0.body.kind == "fired" }
        #expect((fired?.at).map { Int(($0 - begun).seconds.rounded()) } == seconds)
    }

    @Test func `that a step is late is told until it has been told, and nobody waits for it`() throws {
        let run = try VirtualRun(
            #"print(execute { "a", max = "1m", on_check = "warn" }.late)"#,
            scenario: "workflows: { a: { duration: 5m } }")
        run.answers = [nil]
        try run.run()
        #expect(run.output == ["true"])
        let late = Query.late(title: "a", .running(.seconds(60)))
        #expect(run.effects == [late])
        // Nobody was told: another life tells it.
        let fired = try #require(run.records.firstIndex { $0.body.kind == "fired" })
        #expect(try asked(run, upTo: fired).isEmpty)
        #expect(try asked(run, upTo: fired + 1) == [late])
        let told = try VirtualRun(
            #"execute { "a", max = "1m", on_check = "warn" }"#, scenario: "workflows: { a: { duration: 5m } }"
        ).run()
        let answer = try #require(told.records.firstIndex { $0.body.kind == "answered" })
        #expect(told.records[answer].key == "execute#1/late#1")
        #expect(try asked(told, upTo: answer + 1).isEmpty)
    }

    @Test(
        arguments: [
            (#"notify()"#, "a table was expected"), (#"notify { text = "a", tilte = "b" }"#, "did you mean \"title\"?"),
            (#"notify { text = "a", level = "loud" }"#, "level is one of debug, info, warn, error"),
            (#"http.get "other""#, "an address such as https://example.com was expected"),
            (#"http.get("http://other", { methd = "PUT" })"#, "unknown option"),
            (#"http.request { url = "http://other", body = {} }"#, "body: a text was expected"),
        ])
    func `what is wrong with a call is told`(call: String, words: String) throws {
        let run = try VirtualRun(call).run()
        #expect(run.effects.isEmpty)
        #expect(run.end?.error?.message.contains(words) == true, "\(run.end?.error?.message ?? "")")
    }

    /// The journal has records of that kind as they were.
    private func expectKept(_ run: VirtualRun, _ kind: String) throws {
        let body = try #require(run.records.first { $0.body.kind == kind }?.body)
        #expect(try RecordBody(kind: kind, payload: body.payload) == body)
    }

    /// What is asked for by a life that begins after so many records.
    private func asked(_ run: VirtualRun, upTo count: Int) throws -> [Query] {
        let machine = try RunMachine(run.configuration, at: run.records[0].at)
        return try machine.resume(Array(run.records.prefix(count)), at: run.now).compactMap { action in
            if case .ask(_, _, let query) = action { query } else { nil }
        }
    }
}
