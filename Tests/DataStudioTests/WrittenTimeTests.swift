import DataStudio
import JSON
import Testing

/// How finely a server tells a time, and whether it tells of which zone.
@Suite struct WrittenTimeTests {
    /// What is written, in which unit, and whether with a zone.
    static let forms: [(JSON, Duration, Bool)] = [
        ("2026-03-01T04:05:06.007Z", .milliseconds(1), true),
        ("2026-03-01T04:05:06.12Z", .milliseconds(10), true),
        ("2026-03-01T04:05:06.5+02:00", .milliseconds(100), true),
        ("2026-03-01T04:05:06.120Z", .milliseconds(1), true),
        ("2026-03-01T04:05:06,1234567", .milliseconds(1), false),
        // A fraction of zeros may have been added to a whole second.
        ("2026-03-01T04:05:06.000Z", .seconds(1), true),
        ("2026-03-01T04:05:06Z", .seconds(1), true),
        ("2026-03-01T04:05:06z", .seconds(1), true),
        ("2026-03-01T04:05:06-0500", .seconds(1), true),
        ("2026-03-01T04:05:06+00", .seconds(1), true),
        ("2026-03-01T05:05:06+01:00[Europe/London]", .seconds(1), true),
        ("2026-03-01T04:05:06", .seconds(1), false),
        ("2026-03-01 04:05:06", .seconds(1), false),
        ("20260301T040506Z", .seconds(1), true),
        ("20260301T040506", .seconds(1), false),
        ("2026-03-01T04:05Z", .seconds(60), true),
        ("2026-03-01T04:05", .seconds(60), false),
        ("20260301T0405", .seconds(60), false),
        ("2026-03-01", .seconds(86_400), false),
        ("20260301", .seconds(86_400), false),
        ("Sun, 01 Mar 2026 04:05:06 GMT", .seconds(1), true),
        // A number counts from an instant: it has no zone to tell.
        (1_772_337_906, .seconds(1), true),
        (1_772_337_906_007, .milliseconds(1), true),
        (1_772_337_906_000, .seconds(1), true),
        (.number(1_772_337_906.25), .milliseconds(1), true),
        ("1772337906007", .milliseconds(1), true),
        ("/Date(1772337906007+0100)/", .milliseconds(1), true),
        ([2026, 3, 1], .seconds(86_400), false),
        ([2026, 3, 1, 4], .seconds(3600), false),
        ([2026, 3, 1, 4, 5], .seconds(60), false),
        ([2026, 3, 1, 4, 5, 6], .seconds(1), false),
        ([2026, 3, 1, 4, 5, 6, 0], .seconds(1), false),
        ([2026, 3, 1, 4, 5, 6, 7_000_000], .milliseconds(1), false),
    ]

    @Test(arguments: WrittenTimeTests.forms)
    func `a time is as fine as it is written`(form: JSON, precision: Duration, hasZone: Bool) throws {
        let time = try #require(WrittenTime(form))
        #expect(time.precision == precision)
        #expect(time.hasZone == hasZone)
        #expect(Timestamp(form) == time.instant)
    }

    /// The unit, and how far before and after the time that is written the true one may lie: milliseconds.
    @Test(arguments: [(1, 0, 0), (10, 5, 10), (1000, 500, 1000), (60_000, 30_000, 60_000)] as [(Int64, Int64, Int64)])
    func `a time stands for all that a server may have cut off or rounded`(unit: Int64, before: Int64, after: Int64) {
        let instant = Timestamp(milliseconds: 1_772_337_906_000)
        let range = WrittenTime(instant, precision: .milliseconds(unit), hasZone: true).range
        #expect(range.lowerBound == instant + .milliseconds(-before))
        #expect(range.upperBound == instant + .milliseconds(after))
    }

    @Test(arguments: [500, 501, 900, 1499])
    func `the true time lies in the range whether it was cut off or rounded`(milliseconds: Int64) {
        let noon = Timestamp(milliseconds: 1_772_337_906_000)
        let truth = noon + .milliseconds(milliseconds)
        let cut = Timestamp(milliseconds: truth.seconds * 1000)
        let rounded = Timestamp(milliseconds: (truth + .milliseconds(500)).seconds * 1000)
        for told in [cut, rounded] {
            #expect(WrittenTime(told, precision: .seconds(1), hasZone: true).range.contains(truth))
        }
    }

    @Test(
        arguments: [("2026-03-01T04:05Z", 60_000, true), ("2026-03-01T04:05:06", 1000, false)]
            as [(String, Int64, Bool)])
    func `a job has the precision and the zone of its time`(text: String, precision: Int64, hasZone: Bool) throws {
        let api = StudioAPI(try .default())
        let body = #"{"id": 7, "state": "RUNNING", "createdTime": "\#(text)"}"#
        let job = try api.readJob(StudioReply(status: 200, body: Array(body.utf8)))
        #expect(job.createdPrecision == .milliseconds(precision))
        #expect(job.createdHasZone == hasZone)
        let created = try #require(job.created)
        #expect(job.createdRange?.upperBound == created + .milliseconds(precision))
    }
}
