import DataStudio
import Testing

@testable import BatonHost

/// The days of an iCalendar file.
@Suite struct HolidayFileTests {
    private static func days(_ events: String, until year: Int = 2028) throws(ConfigurationError) -> [String] {
        try HolidayFile(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n\(events)\r\nEND:VCALENDAR\r\n", path: "uk.ics", until: year
        ).days(with: [])
    }

    private static func event(_ lines: String...) -> String {
        (["BEGIN:VEVENT"] + lines + ["END:VEVENT"]).joined(separator: "\r\n")
    }

    @Test(arguments: [
        (event("DTSTART;VALUE=DATE:20261225", "DTEND;VALUE=DATE:20261226", "SUMMARY:Christmas: Day"), ["2026-12-25"]),
        (
            event("DTSTART;VALUE=DATE:20261225", "DTEND;VALUE=DATE:20261228"),
            ["2026-12-25", "2026-12-26", "2026-12-27"]
        ),
        (event("DTSTART;VALUE=DATE:2026", " 1225"), ["2026-12-25"]),
        (
            event("DTSTART;TZID=Europe/London:20261224T120000", "DTEND;TZID=Europe/London:20261224T180000"),
            ["2026-12-24"]
        ),
        (event("DTSTART:20261225") + "\r\n" + event("DTSTART:20261226", "STATUS:CANCELLED"), ["2026-12-25"]),
        (
            event("DTSTART:20261225", "BEGIN:VALARM", "TRIGGER:-PT10M", "DURATION:PT5M", "DTSTART:1", "END:VALARM"),
            ["2026-12-25"]
        ),
        (event("DTSTART:20261209T080000", "DTEND:20261210T180000"), ["2026-12-09", "2026-12-10"]),
        (event("DTSTART:20261209T000000Z", "DTEND:20261210T000000Z"), ["2026-12-09"]),
        (event("DTSTART:20261209", "SUMMARY:F\u{FC}", " nf"), ["2026-12-09"]),
        // What a rule says of other years is not all that is in them.
        (
            event("DTSTART:20261228") + "\r\n" + event("DTSTART:20200101", "RRULE:FREQ=YEARLY"),
            ["2026-12-28", "2026-01-01"]
        ),
        (event("DTSTART:20261225") + "\r\n" + event("DTSTART:20270101"), ["2026-12-25", "2027-01-01"]),
        (event("DTSTART:20261225", "RRULE:FREQ=YEARLY"), ["2026-12-25", "2027-12-25", "2028-12-25"]),
        (
            event("DTSTART:20261225", "RRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25;COUNT=2"),
            ["2026-12-25", "2027-12-25"]
        ),
        (event("DTSTART:20241225", "RRULE:FREQ=YEARLY;INTERVAL=2;UNTIL=20271231"), ["2024-12-25", "2026-12-25"]),
        (event("DTSTART:20240229", "RRULE:FREQ=YEARLY"), ["2024-02-29", "2028-02-29"]),
        (event("DTSTART:20261225", "RRULE:FREQ=YEARLY", "EXDATE:20271225"), ["2026-12-25", "2028-12-25"]),
        (
            event("DTSTART:20261225")
                + "\r\nBEGIN:VTIMEZONE\r\nBEGIN:STANDARD\r\nDTSTART:19701025T020000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU\r\nEND:STANDARD\r\nEND:VTIMEZONE",
            ["2026-12-25"]
        ),
    ])
    func `the days of its events`(events: String, expected: [String]) throws {
        #expect(try Self.days(events) == expected)
    }

    @Test(arguments: [
        (event("DTSTART:20260230"), "uk.ics, line 4: a date such as 20261225 was expected; got \"20260230\""),
        (event("SUMMARY:x"), "line 5: this event has no DTSTART"),
        (
            event("DTSTART:20261225", "RRULE:FREQ=YEARLY;BYDAY=4TH"),
            "line 5: the rule FREQ=YEARLY;BYDAY=4TH is not read"
        ),
        (event("DTSTART:20261225", "RRULE:FREQ=WEEKLY"), "the rule FREQ=WEEKLY is not read"),
        (event("DTSTART:20261225", "RDATE:20261226"), "line 5: RDATE is not read"),
        (event("DTSTART:20260101", "DTEND:20300101"), "this event lasts 1461 days"),
        (event("DTSTART:20261225", "DTEND:20261224"), "line 6: this event ends before it begins"),
        ("SUMMARY:x", "uk.ics has no days"), (event("DTSTART:20261225", "STATUS:CANCELLED"), "uk.ics has no days"),
        ("BEGIN:VEVENT\r\nDTSTART:20261225", "line 5: END:VCALENDAR ends nothing"),
        ("BEGIN:VEVENT\r\n" + event("DTSTART:20261225"), "line 4: an event begins within a VEVENT"),
        (event("DTSTART:20261225", "DTSTART:20261226"), "line 5: DTSTART stands twice in this event"),
        ("END:VEVENT", "line 3: END:VEVENT ends nothing"),
    ])
    func `what it does not follow is an error`(events: String, words: String) {
        let error = #expect(throws: ConfigurationError.self) { try Self.days(events) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test func `a file of which a part is missing is an error`() throws {
        let whole =
            "BEGIN:VCALENDAR\r\n\(Self.event("DTSTART:20261225"))\r\n\(Self.event("DTSTART:20261228"))\r\nEND:VCALENDAR\r\n"
        #expect(try HolidayFile(whole, path: "x", until: 2030).days(with: []).count == 2)
        // The last line needs no end.
        for length in 0..<whole.utf8.count - 2 {
            #expect(throws: ConfigurationError.self, "\(length)") {
                try HolidayFile(String(decoding: whole.utf8.prefix(length), as: UTF8.self), path: "x", until: 2030)
            }
        }
    }

    @Test func `the days of the configuration have years of their own`() throws {
        let file = try HolidayFile(
            "BEGIN:VCALENDAR\n\(Self.event("DTSTART:20200101", "RRULE:FREQ=YEARLY"))\nEND:VCALENDAR", path: "x",
            until: 2030)
        #expect(file.days(with: []).count == 11)
        #expect(
            file.days(with: ["2026-12-28", "2027-12-27"]).sorted() == [
                "2026-01-01", "2026-12-28", "2027-01-01", "2027-12-27",
            ])
    }

    @Test func `no iCalendar file`() {
        #expect(throws: ConfigurationError.self) { try HolidayFile("<html>", path: "x", until: 2030) }
    }

    /// Any lines are days, or an error.
    @Test func `any file`() {
        var random = SplitMix(seed: 3)
        let pieces = [
            "BEGIN:VEVENT", "END:VEVENT", "DTSTART:20261225", "DTSTART;VALUE=DATE:99991231", "DTEND:20261226",
            "DTEND:00010101",
            "RRULE:FREQ=YEARLY", "RRULE:FREQ=YEARLY;INTERVAL=9223372036854775807", "RRULE:FREQ=YEARLY;COUNT=0",
            "EXDATE:1,2", " ",
            "\t5", ":", ";", "DTSTART", "STATUS:CANCELLED", "\u{0}", "RRULE:;;=;",
        ]
        for _ in 0..<5000 {
            let lines = (0..<Int.random(in: 0..<12, using: &random)).map { _ in pieces.randomElement(using: &random)! }
            let days = (try? Self.days(lines.joined(separator: "\r\n"))) ?? []
            #expect(days.allSatisfy { CivilTime.day($0) != nil }, "\(lines)")
        }
    }
}
