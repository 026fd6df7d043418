import DataStudio
import Orchestration
import SimulatedStudio
import Testing

/// A start whose answer is missing is found again or left to a person, and never sent twice: whatever the server's clocks,
/// the order of its list and the names of its users are like.
@Suite struct StartIdentityTests {
    /// How an answer is lost.
    enum Loss: CaseIterable {
        /// The connection is closed without it.
        case connection
        /// The process dies before it comes, and another one resumes the run.
        case process
    }

    static let lost = "faults: [ { fault: lost, operation: executeWorkflow } ]"

    /// Runs a script all of whose starts lose their answers.
    private func night(
        _ script: String, _ scenario: String, _ loss: Loss, isExclusive: Bool = false, mostPages: Int = 50,
        _ prepare: (TwoLives) -> Void = { _ in }
    ) throws -> TwoLives {
        var lines = ["others: { duration: 20s }", scenario]
        if loss == .connection { lines.append(Self.lost) }
        let night = try TwoLives(
            script, scenario: lines.joined(separator: "\n"), isExclusive: isExclusive, mostPages: mostPages)
        prepare(night)
        switch loss {
        case .connection: try night.live()
        case .process: try night.liveAndDieAtStarts(2)
        }
        return night
    }

    // MARK: Clocks

    static let clocks = [
        "stamps: { ahead: -2900ms }", "stamps: { ahead: -3100ms }", "stamps: { ahead: -4s }", "stamps: { ahead: -5s }",
        "stamps: { ahead: -60s }", "stamps: { ahead: 60s }", "stamps: { zone: -5h }", "stamps: { zone: -11h }",
        "stamps: { zone: 9h }", "stamps: { resolution: 1s }", "stamps: { resolution: 1m }",
        "stamps: { resolution: 1m, job_resolution: 1ms }", "stamps: { job_resolution: 1m }",
        "stamps: { ahead: -4s, zone: -5h, resolution: 1m }", "stamps: { clocks: [0, 2s, -1s] }",
        "stamps: { clocks: [0, 40s, -20s] }", "clock: -90s", "times: seconds", "sends_date: false",
    ]

    @Test(arguments: StartIdentityTests.clocks, Loss.allCases)
    func `a start is found again whatever the clock of jobs shows`(clock: String, loss: Loss) throws {
        for isExclusive in [false, true] {
            let night = try night(
                #"execute "a" execute "a""#, "\(clock)\ntells_whose: \(!isExclusive)", loss, isExclusive: isExclusive)
            #expect(night.wrongs.isEmpty, "\(night.wrongs)")
            #expect(night.started == ["a", "a"])
            #expect(night.end?.status == .succeeded)
            let found = "intent adopted settled"
            #expect(night.stories == ["execute#1": found, "execute#2": found], "exclusive: \(isExclusive)")
        }
    }

    /// With 3 h and more, jobs of now look older than every job that was known before their start.
    @Test(arguments: ["-1h", "1h", "-110m", "-3h", "3h", "-14h"], Loss.allCases)
    func `the clock of jobs is set between two starts`(step: String, loss: Loss) throws {
        let night = try TwoLives(
            #"execute "a" sleep(20) execute "a""#,
            scenario: """
                others: { duration: 20s }
                clock_steps: [ { from: 30s, by: \(step) } ]
                faults: [ { fault: lost, operation: executeWorkflow, skip: \(loss == .connection ? 1 : 9), count: 1 } ]
                """)
        if loss == .process {
            try night.live { $0.sent == 2 }
            night.kill()
            night.pass(.seconds(5))
        }
        try night.live()
        #expect(night.wrongs.isEmpty, "\(night.wrongs)")
        #expect(night.started == ["a", "a"])
        #expect(night.isSafe)
        #expect(night.story(of: "execute#1") == "intent accepted settled")
    }

    /// The machines of a server stamp jobs in turn, the first of them a job of before the run if there is one.
    @Test(
        arguments: [
            ("[0, 2s, -1s]", false), ("[0, 40s, -20s]", false), ("[0, -1h, 1h]", false), ("[0, -3h]", false),
            ("[3h, 0]", false), ("[5h, 0, 0, 0, 0, 0]", true),
        ] as [(String, Bool)], 0..<5)
    func `several machines stamp jobs by clocks of their own`(clocks: (String, Bool), lost: Int) throws {
        let night = try TwoLives(
            #"for i = 1, 5 do execute "a" end"#,
            scenario: """
                others: { duration: 20s }
                stamps: { clocks: \(clocks.0) }
                faults: [ { fault: lost, operation: executeWorkflow, skip: \(lost), count: 1 } ]
                """)
        if clocks.1 { night.addEarlierJob("a", ago: .seconds(60)) }
        try night.live()
        #expect(night.wrongs.isEmpty, "\(night.wrongs)")
        #expect(night.isSafe)
        #expect(night.started.count == (night.end?.status == .succeeded ? 5 : lost + 1))
    }

    // MARK: A journal that was set back

    @Test func `what was learned since a restore does not hide what the journal has forgotten`() throws {
        let night = try TwoLives(#"execute "a""#, scenario: "others: { duration: 20s }")
        night.addEarlierJob("b", ago: .seconds(90))
        night.addEarlierJob("a", ago: .seconds(60))
        // The backup knew nothing of the server, and another process has read the list since.
        night.isRestored = true
        night.profile.newest = night.studio.jobs(at: night.now).last.map { JobIdentity($0) }
        try night.live()
        #expect(night.started.isEmpty && night.end?.status == .ambiguous, "\(night.started)")
        #expect(night.story(of: "execute#1") == "intent ambiguous")
    }

    // MARK: Lists

    @Test(arguments: ["newest_first", "oldest_first", "shuffled"], Loss.allCases)
    func `the first page of a list may be wholly older than the start`(order: String, loss: Loss) throws {
        let night = try night(#"execute "a""#, "list_order: \(order)\nlargest_page: 10", loss) { night in
            for number in 0..<30 { night.addEarlierJob("a", ago: .seconds(3600 - 100 * number)) }
        }
        #expect(night.wrongs.isEmpty, "\(night.wrongs)")
        #expect(night.started == ["a"])
        #expect(night.story(of: "execute#1") == "intent adopted settled")
        let learned: [String: ListOrder] = ["newest_first": .newestFirst, "oldest_first": .oldestFirst]
        #expect(night.profile.order == learned[order] ?? ListOrder.none)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a start leaves although reading the list takes longer than it counts as fresh`() throws {
        let night = try night(
            #"execute "a" sleep(200) execute "a""#,
            """
            list_order: oldest_first
            largest_page: 5
            faults: [ { fault: delay, operation: listJobs, time: 15s } ]
            """, .process
        ) { night in
            for number in 0..<30 { night.addEarlierJob("a", ago: .seconds(3600 - 100 * number)) }
        }
        #expect(night.started.count == 2 && night.wrongs.isEmpty, "\(night.started) \(night.wrongs)")
    }

    @Test(arguments: ["oldest_first", "shuffled"], Loss.allCases)
    func `a list that is too long to be read leaves the start to a person`(order: String, loss: Loss) throws {
        let night = try night(#"execute "a""#, "list_order: \(order)\nlargest_page: 5", loss, mostPages: 2) { night in
            for number in 0..<30 { night.addEarlierJob("a", ago: .seconds(3600 - 100 * number)) }
        }
        #expect(night.wrongs.isEmpty, "\(night.wrongs)")
        #expect(night.started == ["a"])
        #expect(night.end?.status == .ambiguous)
        #expect(night.story(of: "execute#1") == "intent ambiguous")
    }

    @Test(arguments: [
        "stamps: { job_resolution: 1s }", "stamps: { job_resolution: 1m }",
        "stamps: { resolution: 1s, job_resolution: 1ms }", "stamps: { resolution: 1m, job_resolution: 1s }",
    ])
    func `a job is known again when the list and the job by itself tell its time more or less finely`(
        stamps: String
    ) throws {
        for dies in [false, true] {
            // It is asked for by itself at first, then it is listed, and then the list is refused.
            let night = try TwoLives(
                #"execute "a""#,
                scenario: """
                    others: { duration: 60s }
                    \(stamps)
                    list_lag: 3s
                    faults: [ { fault: 404, operation: listJobs, from: 20s } ]
                    """)
            if dies {
                try night.live { !$0.sights.isEmpty }
                night.kill()
                night.pass(.seconds(10))
            }
            try night.live()
            #expect(night.wrongs.isEmpty, "\(night.wrongs)")
            #expect(night.end?.status == .succeeded, "dies: \(dies)")
            #expect(night.story(of: "execute#1") == "intent accepted settled")
        }
    }

    @Test(arguments: Loss.allCases)
    func `starts of one workflow that are wanted at the same time are found one after the other`(loss: Loss) throws {
        let night = try TwoLives(
            #"parallel { "a", "a", "a" }"#,
            scenario: "others: { duration: 60s }\n\(loss == .connection ? Self.lost : "")")
        if loss == .connection { try night.live() } else { try night.liveAndDieAtStarts(3) }
        #expect(night.wrongs.isEmpty, "\(night.wrongs)")
        #expect(night.started == ["a", "a", "a"])
        #expect(night.end?.status == .succeeded)
        #expect(night.stories.values.sorted() == Array(repeating: "intent adopted settled", count: 3))
    }

    // MARK: Requests that are late, servers that are away

    @Test func `a request that arrives after its process has died is waited for`() throws {
        let night = try TwoLives(#"execute "a""#)
        night.addEarlierJob("a", ago: .seconds(600))
        night.flight = .milliseconds(2500)
        try night.liveAndDieAtStarts(1, resumesAfter: .milliseconds(100))
        #expect(night.wrongs.isEmpty, "\(night.wrongs)")
        #expect(night.started == ["a"])
        #expect(night.story(of: "execute#1") == "intent adopted settled")
    }

    /// The request has arrived, or the server did nothing with it.
    @Test(arguments: [true, false], ["boot 1", "boot 2"])
    func `a server that is away when a run is resumed is waited for, and no person is asked`(
        hasArrived: Bool, boot: String
    ) throws {
        let reset = hasArrived ? "" : ", { fault: reset, operation: executeWorkflow, count: 1 }"
        let night = try TwoLives(
            #"execute "a""#,
            scenario: "others: { duration: 60s }\nfaults: [ { fault: down, from: 1s, for: 9s }\(reset) ]")
        night.addEarlierJob("a", ago: .seconds(600))
        try night.live { $0.sent == 1 }
        night.kill()
        night.pass(.seconds(6))
        night.boot = boot
        try night.live()
        #expect(night.wrongs.isEmpty, "\(night.wrongs)")
        #expect(night.started == ["a"])
        #expect(night.end?.status == .succeeded)
        #expect(
            night.story(of: "execute#1")
                == (hasArrived ? "intent adopted settled" : "intent void intent accepted settled"))
    }
}
