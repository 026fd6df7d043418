import BatonHost
import DataStudio
import JSON
import Testing

/// What `baton doctor` reads off a page of jobs, and what it does not claim.
@Suite struct JobListFindingsTests {
    private static let date = Timestamp(milliseconds: 1_772_337_906_000)

    /// A job that was created so long before `Date`, or after.
    private static func job(
        _ id: String, _ ahead: Duration, precision: Duration = .milliseconds(1), hasZone: Bool = true,
        user: String? = "studio"
    ) -> Job {
        var job = Job(
            id: JobID(id), state: .completed, created: date + ahead,
            details: .record(["user": user.map { .string($0) }]))
        job.createdPrecision = precision
        job.createdHasZone = hasZone
        return job
    }

    private func lines(_ jobs: [Job], date: Timestamp? = Self.date, zone: String? = nil) throws -> [String] {
        var description = try APIDescription.default()
        description.zone = zone.flatMap { ServerZone($0) }
        return JobListFindings(jobs, date: date, api: StudioAPI(description)).all.map { finding in
            "\(finding.state.rawValue) \(finding.topic): \(finding.text)" + (finding.advice.map { " -> \($0)" } ?? "")
        }
    }

    @Test func `a page of a server that tells everything`() throws {
        let found = try lines([Self.job("3", .seconds(-1)), Self.job("2", .seconds(-2)), Self.job("1", .seconds(-9))])
        #expect(
            found == [
                "right stamps: times of jobs are written with a time zone, to the millisecond",
                "right job order: newest first, as far as this page shows",
                "right job user: jobs tell who started them",
            ])
    }

    @Test func `times without a zone come with what to set`() throws {
        let minutes = [-3600, 3600].map {
            Self.job("\($0)", .seconds($0), precision: .seconds(60), hasZone: false, user: nil)
        }
        let found = try lines(minutes)
        #expect(found[0].hasPrefix("note stamps: times of jobs are written without a time zone, to the minute"))
        #expect(found[0].contains("the newest then lies 1h 0m after"), "\(found[0])")
        #expect(found[0].contains("-> set `zone` in the API description (for example zone: Europe/London)"))
        #expect(!found[0].contains("clocks"), "the zone may be all that is wrong")
        #expect(found[1] == "right job order: oldest first, as far as this page shows")
        #expect(found[2].hasPrefix("note job user: jobs do not tell who started them -> "))
        let mixed = try lines([Self.job("2", .seconds(-1)), Self.job("1", .seconds(-2), hasZone: false)])
        #expect(mixed[0].contains("written partly without a time zone"), "\(mixed[0])")
        let told = try lines([Self.job("1", .seconds(-1))], zone: "Europe/London")
        #expect(told[0].contains("those without an offset are read as Europe/London"), "\(told[0])")
    }

    @Test(arguments: [(2, 0, false), (3, 0, true), (60, 60, false), (63, 60, true), (-7200, 0, false)])
    func `only a job that cannot have been made yet shows that clocks disagree`(
        ahead: Int, precision: Int, disagree: Bool
    ) throws {
        let unit = precision == 0 ? Duration.milliseconds(1) : .seconds(precision)
        let jobs = [Self.job("2", .seconds(ahead), precision: unit), Self.job("1", .seconds(-9000), precision: unit)]
        let found = try lines(jobs)
        #expect(found[0].contains("the clocks disagree") == disagree, "\(found[0])")
        #expect(found[0].hasPrefix(disagree ? "note stamps" : "right stamps"), "\(found[0])")
        #expect(try !lines(jobs, date: nil)[0].contains("disagree"), "without Date nothing can be compared")
    }

    @Test func `a page reports a missing order, and stays silent about an order that it cannot show`() throws {
        let mixed = [-5, -1, -9].map { Self.job("\($0)", .seconds($0)) }
        #expect(try lines(mixed)[1].hasPrefix("note job order: neither newest first nor oldest first"))
        let same = [1, 2].map { Self.job("\($0)", .seconds(-5)) }
        #expect(try !lines(same).contains { $0.contains("job order") })
        #expect(try !lines([Self.job("1", .seconds(-5))]).contains { $0.contains("job order") })
        let some = [Self.job("1", .seconds(-1)), Self.job("2", .seconds(-2), user: nil)]
        #expect(try lines(some)[2].hasPrefix("note job user: 1 of 2 jobs tell who started them"))
        #expect(try lines([]).isEmpty)
    }
}
