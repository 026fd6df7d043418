import JSON
import Testing

@testable import DataStudio

/// The zone of a server that writes local times without saying so.
@Suite struct ServerZoneTests {
    /// The zone, a local time, and the instant that it is.
    @Test(arguments: [
        ("UTC", "2026-07-01T12:00:00", "2026-07-01T12:00:00Z"),
        ("+01:00", "2026-07-01T12:00:00", "2026-07-01T11:00:00Z"),
        ("-0500", "2026-07-01T12:00:00", "2026-07-01T17:00:00Z"),
        ("-05:00", "2026-01-01T21:30:00", "2026-01-02T02:30:00Z"),
        ("+05:30", "2026-07-01T12:00:00", "2026-07-01T06:30:00Z"),
        ("-00:30", "2026-07-01T12:00:00", "2026-07-01T12:30:00Z"),
        // By name, in summer and in winter.
        ("Europe/London", "2026-07-01T12:00:00", "2026-07-01T11:00:00Z"),
        ("Europe/London", "2026-01-01T12:00:00", "2026-01-01T12:00:00Z"),
        ("America/New_York", "2026-07-01T12:00:00", "2026-07-01T16:00:00Z"),
        ("Asia/Kolkata", "2026-01-01T00:00:00", "2025-12-31T18:30:00Z"),
        ("Australia/Sydney", "2026-01-01T12:00:00", "2026-01-01T01:00:00Z"),
        // Around the changes, which are at 01:00 UTC in London and at 07:00 and 06:00 UTC in New York.
        ("Europe/London", "2026-03-29T00:59:59", "2026-03-29T00:59:59Z"),
        ("Europe/London", "2026-03-29T02:00:00", "2026-03-29T01:00:00Z"),
        ("America/New_York", "2026-03-08T01:59:59", "2026-03-08T06:59:59Z"),
        ("America/New_York", "2026-03-08T03:00:00", "2026-03-08T07:00:00Z"),
        ("Europe/London", "2026-10-25T00:59:59", "2026-10-24T23:59:59Z"),
        ("Europe/London", "2026-10-25T02:00:00", "2026-10-25T02:00:00Z"),
    ])
    func `a local time is an instant`(zone: String, local: String, utc: String) throws {
        #expect(try read(local, in: zone) == utc)
    }

    /// As jobs of a server are read whose API description names the zone.
    private func read(_ local: String, in zone: String) throws -> String? {
        var description = try APIDescription.default()
        description.zone = ServerZone(zone)
        let body = #"{"id": 7, "state": "RUNNING", "createdTime": "\#(local)"}"#
        let job = try StudioAPI(description).readJob(StudioReply(status: 200, body: Array(body.utf8)))
        #expect(job.createdHasZone)
        return job.created.map { $0.iso8601.replacing(".000Z", with: "Z") }
    }

    @Test(arguments: [
        ("Europe/London", "2026-10-25T01:30:00", "2026-10-25T00:30:00Z"),
        ("America/New_York", "2026-11-01T01:30:00", "2026-11-01T05:30:00Z"),
    ])
    func `of an hour that comes twice in autumn the first is meant`(zone: String, local: String, utc: String) throws {
        #expect(try read(local, in: zone) == utc)
    }

    /// No clock shows it: it is read by the offset that holds from the change on.
    @Test(arguments: [
        ("Europe/London", "2026-03-29T01:30:00", "2026-03-29T00:30:00Z"),
        ("America/New_York", "2026-03-08T02:30:00", "2026-03-08T06:30:00Z"),
    ])
    func `an hour that is missing in spring is read all the same`(zone: String, local: String, utc: String) throws {
        #expect(try read(local, in: zone) == utc)
    }

    @Test func `a time that tells its zone is not changed`() throws {
        for text in ["2026-07-01T12:00:00Z", "2026-07-01T14:00:00+02:00"] {
            #expect(try read(text, in: "America/New_York") == "2026-07-01T12:00:00Z")
        }
    }

    @Test func `times go forwards through the changes of a year, but for the hour that is missing`() throws {
        let zone = try #require(ServerZone("Europe/London"))
        let first = try #require(Timestamp(iso8601: "2026-01-01T00:00:00"))
        var before = zone.instant(ofLocal: first)
        var backwards: [String] = []
        for half in 1...(365 * 48) {
            let local = first + .seconds(half * 1800)
            let instant = zone.instant(ofLocal: local)
            if instant < before { backwards.append(local.iso8601) }
            before = instant
        }
        // The hour that is missing is read as the one before it.
        #expect(backwards == ["2026-03-29T01:00:00.000Z"])
    }

    @Test(arguments: ["Mars/Olympus", "05:00", "+5", "+01:75"])
    func `anything else is no zone`(name: String) {
        #expect(ServerZone(name) == nil)
    }
}
