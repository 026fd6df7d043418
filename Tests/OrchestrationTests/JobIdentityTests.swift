import DataStudio
import JSON
import Testing

@testable import Orchestration

/// The rule by which jobs are told apart, and the jobs that lists have shown.
@Suite struct JobIdentityTests {
    private static let noon = Timestamp(milliseconds: 1_772_337_906_000)

    /// Seconds after a fixed instant.
    private static func at(_ from: Int, _ to: Int? = nil) -> ClosedRange<Timestamp> {
        noon + .seconds(from)...noon + .seconds(to ?? from)
    }

    private static func job(
        _ id: String = "7", label: String? = nil, user: String? = nil, made created: ClosedRange<Timestamp>? = nil
    ) -> JobIdentity {
        JobIdentity(JobID(id), label: label, user: user, created: created)
    }

    static let pairs: [(JobIdentity, JobIdentity, JobIdentity.Comparison)] = [
        // Ids, labels, users and times that differ.
        (job(made: at(0)), job("8", made: at(0)), .different),
        (job(label: "a", made: at(0)), job(label: "b", made: at(0)), .different),
        (job(user: "x", made: at(0)), job(user: "y", made: at(0)), .different),
        (job(made: at(0)), job(made: at(1)), .different),
        (job(made: at(0, 60)), job(made: at(61, 121)), .different),
        (job(label: "a"), job(label: "b"), .different),
        (job(user: "x"), job(user: "y"), .different),
        // Ranges that meet.
        (job(made: at(0)), job(made: at(0)), .same),
        (job(made: at(0, 60)), job(made: at(0, 60)), .same),
        (job(made: at(0, 60)), job(made: at(59, 61)), .same),
        // A server that tells a time as finely as before tells the same one.
        (job(made: at(0, 60)), job(made: at(60, 120)), .different),
        (job(made: at(0, 60)), job(made: at(7)), .same),
        (job(label: "a", user: "x", made: at(0)), job(made: at(0)), .same),
        // A label may be told in another case, and one with a secret in it cannot be compared.
        (job(label: "Load", made: at(0)), job(label: "LOAD", made: at(0)), .same),
        (job(label: "***token-1f3a9c2e***", made: at(0)), job(label: "b", made: at(0)), .same),
        // Without a time nothing is sure, whatever else agrees.
        (job(), job(), .unknown),
        (job(made: at(0)), job(), .unknown),
        (job(label: "a", user: "x"), job(label: "a", user: "x", made: at(0)), .unknown),
    ]

    @Test(arguments: JobIdentityTests.pairs)
    func `two jobs are the same, surely two, or neither is known`(
        first: JobIdentity, second: JobIdentity, comparison: JobIdentity.Comparison
    ) {
        #expect(first.compare(second) == comparison)
        #expect(second.compare(first) == comparison)
        #expect(first.mayBe(second) == (comparison != .different))
    }

    @Test func `a job of the server has the range that its time is told in`() {
        var job = Job(id: JobID("7"), label: "a", state: .running, created: Self.noon)
        #expect(JobIdentity(job, user: "x") == Self.job(label: "a", user: "x", made: Self.at(0)))
        job.createdPrecision = .seconds(60)
        #expect(JobIdentity(job).created == Self.at(-30, 60))
        job.created = nil
        #expect(JobIdentity(job).created == nil)
    }

    @Test func `what is learned later is added, and a time takes the place of an earlier one`() {
        var job = Self.job(label: "a", made: Self.at(0, 60))
        job.learn(from: Self.job(label: "b", user: "x"))
        #expect(job == Self.job(label: "a", user: "x", made: Self.at(0, 60)))
        job.learn(from: Self.job(user: "y", made: Self.at(7)))
        #expect(job == Self.job(label: "a", user: "x", made: Self.at(7)))
    }

    @Test func `of a job that shows whether any was forgotten the time is kept, or else the names`() {
        #expect(Self.job(label: "a", user: "x", made: Self.at(0)).anchor == Self.job(made: Self.at(0)))
        for job in [Self.job(label: "a", user: "x"), Self.job(label: "a", user: "x", made: Self.at(0, 60))] {
            #expect(job.anchor == job)
        }
    }

    @Test func `an identity is written and read`() throws {
        let ids = [Self.job(), Self.job(label: "a", user: "x", made: Self.at(0)), Self.job(made: Self.at(0, 60))]
        let text = JSON.array(ids.map(\.payload)).jsonText
        #expect(JobIdentity.list(try JSON(parsing: Array(text.utf8))) == ids)
        #expect(JobIdentity.list([.object([JSONMember(name: "label", value: "without an id")]), 7]).isEmpty)
        #expect(JobIdentity.list(nil).isEmpty)
    }

    // MARK: Known jobs

    private func known(_ jobs: [JobIdentity]) -> KnownJobs {
        var known = KnownJobs(newest: nil)
        known.take(jobs)
        return known
    }

    @Test func `the newest job is the one with the latest time, in whatever order they come`() {
        let jobs = [("1", 10), ("2", 30), ("3", 20)].map { Self.job($0, made: Self.at($1)) }
        #expect(known(jobs).newest?.id == JobID("2"))
        #expect(known(jobs.reversed()).newest?.id == JobID("2"))
        // Times that are told in minutes do not show which one is newer; of the same minute the greater id counts.
        let inMinutes = [Self.job("1", made: Self.at(0, 60)), Self.job("2", made: Self.at(30, 90))]
        #expect(known(inMinutes).newest?.id == JobID("1"))
        let ofOneMinute = ["9", "11", "10"].map { Self.job($0, made: Self.at(0, 60)) }
        #expect(known(ofOneMinute).newest?.id == JobID("11"))
        #expect(KnownJobs(newest: jobs[0]).newest == jobs[0])
    }

    @Test func `a job without a time is the newest only until there is one with a time`() {
        var known = known([])
        known.accepted(Self.job("1", label: "a"))
        #expect(known.newest?.id == JobID("1"))
        known.take([Self.job("2", made: Self.at(0))])
        known.accepted(Self.job("3", label: "a"))
        #expect(known.newest?.id == JobID("2"))
    }

    @Test func `jobs are found by their labels in any case, the newest first, and those without a label`() {
        let jobs = [
            Self.job("1", label: "Load", made: Self.at(0)), Self.job("2", label: "LOAD", made: Self.at(9)),
            Self.job("3", label: "other", made: Self.at(5)), Self.job("4", made: Self.at(3)),
            Self.job("5", label: "load"),
        ]
        let known = known(jobs)
        #expect(known.jobs(of: "load") { _ in true }.map(\.id.text) == ["2", "4", "1", "5"])
        #expect(known.jobs(of: "load") { $0.label != nil }.map(\.id.text) == ["2", "1", "5"])
        #expect(known.jobs(of: "none") { _ in true }.map(\.id.text) == ["4"])
    }

    @Test func `a job that is shown again is one job, with what is known of it now`() {
        let known = known([Self.job("1", label: "a"), Self.job("1", label: "a", made: Self.at(5))])
        #expect(known.jobs(of: "a") { _ in true } == [Self.job("1", label: "a", made: Self.at(5))])
    }

    @Test func `jobs that belong to steps are not among those that might be taken for a start's own`() {
        let shown = (1...3).map { Self.job("\($0)", label: "a", made: Self.at($0)) }
        var known = known(shown + [Self.job("4", label: "a")])
        // The second has another time: it got the id of a job of ours. Of the fourth nothing tells.
        known.take(owned: [shown[0], Self.job("2", label: "a", made: Self.at(0)), Self.job("4", label: "A")])
        #expect(known.jobs(of: "a") { _ in true }.map(\.id.text) == ["3", "2", "4"])
        #expect(Set(known.owned(of: "A").map(\.id.text)) == ["1", "2", "4"])
        #expect(known.owned(of: "b").isEmpty)
        // It is shown again, also without its label.
        known.take([shown[0], Self.job("1", made: Self.at(1))])
        #expect(known.jobs(of: "a") { _ in true }.count == 3)
        known.take(owned: shown[2])
        #expect(known.jobs(of: "a") { _ in true }.map(\.id.text) == ["2", "4"])
        #expect(known.newest == shown[2])
        // The server was restarted, and gives the id away again.
        known.take([Self.job("3", label: "a", made: Self.at(20))])
        #expect(known.jobs(of: "a") { _ in true }.map(\.id.text) == ["3", "2", "4"])
    }

    @Test func `a job of a step that is listed later is one of a step`() {
        var known = known([])
        known.take(owned: [Self.job("1", label: "a", made: Self.at(1)), Self.job("2", label: "a")])
        known.take([Self.job("1", label: "a", made: Self.at(1)), Self.job("2", label: "a", made: Self.at(2))])
        #expect(known.jobs(of: "a") { _ in true }.map(\.id.text) == ["2"], "what has no time may be another one")
    }

    @Test func `of very many jobs the newer ones are remembered`() {
        var known = known((1...4_001).map { Self.job("\($0)", label: "a", made: Self.at($0)) })
        #expect(known.jobs(of: "a") { _ in true }.count == 2_001)
        for number in 1...20_001 { known.take(owned: Self.job("\(number)", label: "a", made: Self.at(number))) }
        #expect(known.owned(of: "a").count == 10_001)
        #expect(known.jobs(of: "a") { _ in true }.isEmpty)
    }

    @Test func `a list is fresh for half a minute`() {
        var known = known([])
        #expect(!known.isFresh(at: .zero) && !known.isComplete)
        known.isRead(at: .seconds(100), wholly: true)
        #expect(known.isFresh(at: .seconds(130)) && known.isComplete)
        #expect(!known.isFresh(at: .seconds(131)))
        // Its newest end is read by the watcher.
        known.isRead(at: .seconds(140))
        #expect(known.isFresh(at: .seconds(170)) && known.isComplete)
        known.isRead(at: .seconds(180), wholly: false)
        #expect(!known.isComplete)
    }

    /// The older half is forgotten; with a minute between two jobs that is far behind what is needed.
    @Test(arguments: [(10, false), (60, true)])
    func `very many jobs are forgotten again, and without all of the last day the list is not complete`(
        seconds: Int, isComplete: Bool
    ) {
        var known = known([])
        known.isRead(at: .zero, wholly: true)
        known.take((1...4001).map { Self.job("\($0)", label: "a", made: Self.at($0 * seconds)) })
        let left = known.jobs(of: "a") { _ in true }
        #expect((1900...2100).contains(left.count))
        #expect(left.first?.id == JobID("4001") && known.newest?.id == JobID("4001"))
        #expect(known.isComplete == isComplete)
    }
}
