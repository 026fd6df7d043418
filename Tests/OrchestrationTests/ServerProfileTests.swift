import DataStudio
import JSON
import Testing

@testable import Orchestration

/// What is learned of a server: its clocks, its list, its users, and how that is kept.
@Suite struct ServerProfileTests {
    private let noon = Timestamp(milliseconds: 1_772_337_906_000)

    // MARK: The clock of stamps

    /// A job was made at once, and its stamp was that far ahead of the clock of `Date`.
    private func learn(_ clock: inout StampClock, _ ahead: Duration, wide: Duration = .zero, took: Duration = .zero) {
        let stamp = noon + ahead
        clock.learn(stamp...stamp + wide, sent: noon, answered: noon + took)
    }

    private func span(_ from: Duration, _ to: Duration) -> ClosedRange<Duration> { from...to }

    @Test func `a job shows how far its stamp is ahead, as finely as both times are told`() {
        var clock = StampClock()
        #expect(clock.offset == nil && clock.samples == 0)
        learn(&clock, .seconds(-4))
        #expect(clock.offset == span(.seconds(-5), .seconds(-3)))
        var coarse = StampClock()
        learn(&coarse, .seconds(-4), wide: .seconds(60), took: .seconds(2))
        #expect(coarse.offset == span(.seconds(-7), .seconds(57)))
    }

    @Test func `three jobs that agree make it known, and narrow it down`() {
        var clock = StampClock()
        for (count, ahead) in [(1, -4000), (2, -3500), (3, -4200)] as [(Int, Int64)] {
            #expect(!clock.isKnown && clock.stamps(noon, noon) == nil)
            learn(&clock, .milliseconds(ahead))
            #expect(clock.samples == count)
        }
        #expect(clock.isKnown)
        #expect(clock.offset == span(.milliseconds(-4500), .milliseconds(-3200)))
        let (first, last) = (noon + .milliseconds(-5500), noon + .milliseconds(7800))
        #expect(clock.stamps(noon, noon + .seconds(10)) == first...last)
    }

    @Test func `one job that contradicts makes it useless for good, and all of them are held`() {
        var clock = StampClock()
        for _ in 0..<5 { learn(&clock, .zero) }
        learn(&clock, .seconds(3600))
        #expect(clock.isMany && !clock.isKnown && clock.stamps(noon, noon) == nil)
        #expect(clock.offset == span(.seconds(-1), .seconds(3601)))
        for _ in 0..<5 { learn(&clock, .zero) }
        #expect(clock.isMany && clock.offset == span(.seconds(-1), .seconds(3601)))
    }

    @Test func `what another process has learned is taken as far as both agree`() {
        var (one, other) = (StampClock(), StampClock())
        learn(&one, .zero)
        one.merge(other)
        #expect(one.samples == 1 && one.offset == span(.seconds(-1), .seconds(1)))
        for _ in 0..<3 { learn(&other, .milliseconds(500)) }
        one.merge(other)
        #expect(one.samples == 3 && one.isKnown && one.offset == span(.milliseconds(-500), .seconds(1)))
        var third = StampClock()
        learn(&third, .seconds(60))
        one.merge(third)
        #expect(one.isMany && one.offset == span(.milliseconds(-500), .seconds(61)))
        third.merge(one)
        #expect(third.isMany && third.offset == one.offset)
    }

    // MARK: The list

    /// The lag that was seen, of how many jobs, what is configured, and how long is waited: seconds.
    @Test(
        arguments: [
            (0, 0, nil, 10), (0, 19, nil, 10), (0, 20, nil, 1), (0, 0, 1, 1), (0, 20, 5, 5), (0.2, 20, nil, 1),
            (2, 20, nil, 4.5), (2, 1, nil, 10), (12, 1, nil, 24.5), (12, 1, 1, 24.5), (12, 1, 60, 60),
        ] as [(Double, Int, Double?, Double)])
    func `a list is waited for twice as long as it was late, and ten seconds until it is known`(
        lag: Double, samples: Int, configured: Double?, seconds: Double
    ) {
        var profile = ServerProfile()
        for number in 0..<samples { profile.learn(lag: number == 0 ? .seconds(lag) : .zero) }
        #expect(profile.settle(configured.map { .seconds($0) }) == .seconds(seconds))
    }

    @Test(
        arguments: [
            (.unknown, .unknown, .unknown), (.unknown, .newestFirst, .newestFirst), (.unknown, .none, .none),
            (.newestFirst, .unknown, .newestFirst), (.newestFirst, .oldestFirst, .newestFirst),
            (.oldestFirst, .none, .none), (.none, .newestFirst, .none),
        ] as [(ListOrder, ListOrder, ListOrder)])
    func `an order that one process has found broken is broken`(own: ListOrder, other: ListOrder, both: ListOrder) {
        var (first, second) = (ServerProfile(), ServerProfile())
        (first.order, second.order) = (own, other)
        // Else they would be alike.
        second.showsLabels = true
        first.merge(second)
        #expect(first.order == both && first.showsLabels)
    }

    // MARK: Restores

    /// When the journal knew its newest job at two restores, in days, and what counts after the second.
    @Test(arguments: [(0, 3, 0), (0, 29, 0), (0, 31, 31), (3, 0, 0)])
    func `a second restore does not end the search for what the first one forgot`(first: Int, second: Int, counts: Int)
    {
        func job(_ day: Int) -> JobIdentity {
            let time = Timestamp(milliseconds: 0) + .seconds(day * 86_400)
            return JobIdentity(JobID("\(day)"), created: time)
        }
        var profile = ServerProfile()
        for day in [first, second] {
            profile.newest = job(day)
            profile.noteRestored()
        }
        #expect(profile.restored == job(counts))
    }

    // MARK: Users and echoes

    @Test func `each key has its user, the one that was seen last`() {
        var profile = ServerProfile()
        profile.learn(user: "x", of: "…abcd")
        profile.learn(user: "y", of: "…wxyz")
        profile.learn(user: "z", of: "…abcd")
        #expect(profile.users == ["…abcd": "z", "…wxyz": "y"])
        for number in 0..<100 { profile.learn(user: "u", of: "…\(1000 + number)") }
        #expect(profile.users.count == 20 && profile.users["…1099"] == "u")
    }

    @Test func `only just the same parameters of the same workflow are known to be repeated exactly`() {
        func start(_ label: String, _ parameters: [String: String]) -> WorkflowStart {
            WorkflowStart(
                label: label, parameters: parameters.map { WorkflowParameter(name: $0.key, value: $0.value) })
        }
        var profile = ServerProfile()
        let known = start("a", ["region": "north", "day": "1"])
        #expect(!profile.repeats(known))
        profile.learnEcho(of: known)
        profile.learnEcho(of: known)
        #expect(profile.repeats(known) && profile.repeats(start("a", ["day": "1", "region": "north"])))
        #expect(profile.echoes.count == 1)
        for other in [
            start("b", ["region": "north", "day": "1"]), start("a", ["region": "north"]),
            start("a", ["region": "north", "day": "2"]), start("a", ["region": "day", "north": "1"]), start("a", [:]),
        ] {
            #expect(!profile.repeats(other), "\(other)")
        }
        profile.learnEcho(of: start("a", [:]))
        #expect(profile.echoes.count == 1, "nothing was repeated")
        for number in 0..<100 { profile.learnEcho(of: start("a", ["n": "\(number)"])) }
        #expect(profile.echoes.count == 64 && !profile.repeats(known))
        #expect(profile.repeats(start("a", ["n": "99"])))
    }

    // MARK: How it is kept

    /// Everything is known.
    private var full: ServerProfile {
        var profile = ServerProfile()
        for _ in 0..<3 { learn(&profile.clock, .seconds(-4)) }
        profile.order = .oldestFirst
        profile.learn(lag: .milliseconds(1500))
        profile.learn(user: "simulated", of: "…abcd")
        profile.learnEcho(
            of: WorkflowStart(label: "a", parameters: [WorkflowParameter(name: "region", value: "north")]))
        profile.showsLabels = true
        profile.newest = JobIdentity(JobID("7"), created: noon...noon + .seconds(60))
        return profile
    }

    @Test func `a profile is written and read`() throws {
        var many = full
        learn(&many.clock, .seconds(60))
        for profile in [ServerProfile(), full, many] {
            let text = profile.payload.jsonText
            #expect(ServerProfile(payload: try JSON(parsing: Array(text.utf8))) == profile, "\(text)")
        }
        #expect(ServerProfile().payload == .object([]))
    }

    @Test func `what cannot be read of a profile is not known`() throws {
        let text = """
            {"offsetFrom": 5, "offsetTo": 1, "samples": "x", "order": "sideways", "lag": -5, "users": 7, "newest": {}}
            """
        #expect(ServerProfile(payload: try JSON(parsing: Array(text.utf8))) == ServerProfile())
        #expect(ServerProfile(payload: "nonsense") == ServerProfile())
    }

    @Test func `what two processes have learned is learned`() {
        var (profile, other) = (full, ServerProfile())
        profile.merge(other)
        #expect(profile == full, "nothing is forgotten")
        other.merge(full)
        #expect(other == full)
        other.learn(lag: .seconds(3))
        other.learn(user: "other.user", of: "…abcd")
        other.learn(user: "third", of: "…wxyz")
        other.newest = JobIdentity(JobID("8"), created: noon + .seconds(90))
        profile.merge(other)
        #expect(profile.lag == .seconds(3) && profile.lagSamples == 2)
        #expect(profile.users == ["…abcd": "other.user", "…wxyz": "third"])
        #expect(profile.newest?.id == JobID("8"))
        #expect(profile.echoes == full.echoes && profile.showsLabels && profile.clock == full.clock)
    }
}
