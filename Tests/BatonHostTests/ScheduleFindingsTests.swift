import Foundation
import Testing

@testable import BatonHost

/// The nights in which the clock changes, for timers and crontabs.
@Suite struct ScheduleFindingsTests {
    /// 2026-11-30, in London: the clock goes forwards on 2027-03-28 at 01:00, and back on 2027-10-31 at 02:00.
    private static let now = Date(timeIntervalSince1970: 1_796_025_600)

    private func findings(_ files: [String: String], crontab: String? = nil, zone: String = "Europe/London") throws
        -> [DoctorFinding]
    {
        let folder = try Folder()
        for (name, text) in files {
            let url = URL(fileURLWithPath: folder.path).appendingPathComponent(name)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: url, atomically: true, encoding: .utf8)
        }
        return ScheduleFindings(
            root: folder.path + "/", home: nil, zone: try #require(TimeZone(identifier: zone)), now: Self.now
        ).findings(crontab: crontab)
    }

    /// A zone, and the changes of the clock there.
    @Test(arguments: [
        ("Europe/London", ["2027-03-28 01:00 02:00", "2027-10-31 02:00 01:00"]),
        ("Europe/Lisbon", ["2027-03-28 01:00 02:00", "2027-10-31 02:00 01:00"]),
        ("America/New_York", ["2027-03-14 02:00 03:00", "2027-11-07 02:00 01:00"]),
        ("Australia/Lord_Howe", ["2027-04-04 02:00 01:30", "2027-10-03 02:00 02:30"]), ("Asia/Tokyo", []),
    ])
    func `the changes of the next year are known`(zone: String, changes: [String]) throws {
        let zone = try #require(TimeZone(identifier: zone))
        let found = ClockChange.next(in: zone, after: Self.now)
        #expect(found.map { "\($0.day) \(clockText($0.from)) \(clockText($0.to))" } == changes)
    }

    /// A line of a crontab, and the minutes of the day at which it begins something.
    @Test(arguments: [
        ("30 1 * * * baton run n.lua", [90]), ("0,30 1-2 * * 1-5 x", [60, 90, 120, 150]),
        ("*/20 4 * * * x", [240, 260, 280]), ("5 */12 * * * x", [5, 725]), ("10 * * * * x", nil),
        ("# 30 1 * * * x", nil),
        ("MAILTO=ops", nil), ("@daily x", nil), ("61 1 * * * x", nil), ("1 2 3", nil), ("5-1 1 * * * x", nil),
        ("1,,2 1 * * * x", nil), ("/ / * * * x", nil),
    ])
    func `a line of a crontab is read`(line: String, minutes: [Int]?) {
        #expect(TimedStart(crontab: line)?.minutes == minutes)
    }

    @Test(
        arguments: [
            ("*-*-* 01:30:00", [90], nil), ("Mon..Fri 01:30", [90], nil), ("daily", [0], nil),
            ("*-*-* 04:30:00 Europe/London", [270], "Europe/London"), ("*-*-* 1,2:00", [60, 120], nil),
            ("*-*-* 22..23:15", [1335, 1395], nil), ("*-*-* *:00", nil, nil), ("hourly", nil, nil), ("", nil, nil),
        ] as [(String, [Int]?, String?)])
    func `the time of a timer is read`(text: String, minutes: [Int]?, zone: String?) {
        let start = TimedStart(calendar: text)
        #expect(start?.minutes == minutes && start?.zone == zone)
    }

    @Test func `a timer at a time that does not exist is wrong, a crontab line is told`() throws {
        let found = try findings(
            [
                "etc/systemd/system/nightly.timer": "[Timer]\nOnCalendar=*-*-* 01:30:00\n",
                "etc/systemd/system/nightly.service": "[Service]\nExecStart=/usr/bin/baton run n.lua\n",
                "etc/systemd/system/other.timer": "[Timer]\nOnCalendar=*-*-* 01:30:00\n",
                "etc/systemd/system/baton-late.timer": "[Timer]\nOnCalendar=*-*-* 04:30:00\n",
                "etc/systemd/system/baton-zone.timer": "[Timer]\nOnCalendar=*-*-* 02:30:00 America/New_York\n",
                "etc/cron.d/baton": "MAILTO=ops\n15 1 * * * baton baton run n.lua\n15 1 * * * root backup\n",
            ], crontab: "0 6 * * * baton resume --all --cron\n")
        #expect(
            found == [
                DoctorFinding(.right, "crontab, line 1", "begins at 06:00; no change of the clock touches it"),
                DoctorFinding(
                    .note, "/etc/cron.d/baton, line 2",
                    "01:15 does not exist on 2027-03-28: the clock goes from 01:00 to 02:00, and cron begins it then"),
                DoctorFinding(.right, "baton-late.timer", "begins at 04:30; no change of the clock touches it"),
                DoctorFinding(
                    .wrong, "baton-zone.timer",
                    "02:30 does not exist on 2027-03-14: the clock goes from 02:00 to 03:00, and systemd leaves that "
                        + "night out", advice: "begin it before 02:00 or from 03:00 on"),
                DoctorFinding(
                    .wrong, "nightly.timer",
                    "01:30 does not exist on 2027-03-28: the clock goes from 01:00 to 02:00, and systemd leaves that "
                        + "night out", advice: "begin it before 01:00 or from 02:00 on"),
            ])
    }

    @Test func `a time that comes twice is told`() throws {
        let found = try findings([:], crontab: "30 1 * * * baton run n.lua", zone: "America/New_York")
        #expect(found.map(\.text) == ["01:30 comes twice on 2027-11-07: the clock goes back from 02:00 to 01:00"])
    }
}
