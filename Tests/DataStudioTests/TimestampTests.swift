import DataStudio
import JSON
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2026-03-01T04:05:06.007Z", 1_772_337_906_007),
        ("2026-03-01 04:05:06", 1_772_337_906_000), ("2026-03-01T06:05:06+02:00", 1_772_337_906_000),
        ("2026-03-01T04:05:06.1234567Z", 1_772_337_906_123), ("2024-02-29T23:59Z", 1_709_251_140_000),
        ("1969-12-31T23:59:59.500Z", -500), ("2000-12-31T00:00:00-0130", 978_226_200_000),
    ])
    func `every ISO 8601 form is read`(text: String, milliseconds: Int64) {
        #expect(Timestamp(.string(text))?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "yesterday", "2026-13-01T00:00:00Z", "2026-0301", "2026-03-01T04:05:06Zx", "2026-03-01T4:05:06Z",
    ])
    func `anything else is none`(text: String) {
        #expect(Timestamp(.string(text)) == nil)
    }

    @Test(arguments: [
        ("2026-03-01", 1_772_323_200_000), ("20260301T040506Z", 1_772_337_906_000), ("20260301", 1_772_323_200_000),
        ("2026-03-01T05:05:06+01:00[Europe/London]", 1_772_337_906_000), ("2026-03-01T04:05:06+00", 1_772_337_906_000),
        ("Sun, 01 Mar 2026 04:05:06 GMT", 1_772_337_906_000), ("1772337906", 1_772_337_906_000),
        ("1772337906007", 1_772_337_906_007), ("/Date(1772337906007)/", 1_772_337_906_007),
        ("/Date(1772337906007+0100)/", 1_772_337_906_007), (" 2026-03-01T04:05:06Z\n", 1_772_337_906_000),
    ])
    func `what servers of other kinds write is read as well`(text: String, milliseconds: Int64) {
        #expect(Timestamp(.string(text))?.milliseconds == milliseconds)
    }

    @Test func `a list of year, month, day and so on is a time of UTC`() {
        #expect(Timestamp([2026, 3, 1, 4, 5, 6, 7_000_000])?.milliseconds == 1_772_337_906_007)
        #expect(Timestamp([2026, 3, 1, 4, 5])?.milliseconds == 1_772_337_900_000)
        #expect(Timestamp([2026, 13, 1]) == nil)
        #expect(Timestamp([2026]) == nil)
    }

    @Test func `an HTTP date is written as it is read`() {
        for milliseconds in [0, 951_782_400_000, 1_772_337_906_000, 253_402_300_799_000] as [Int64] {
            let instant = Timestamp(milliseconds: milliseconds)
            #expect(Timestamp(httpDate: instant.httpDate) == instant)
        }
        #expect(Timestamp(milliseconds: 1_772_337_906_007).httpDate == "Sun, 01 Mar 2026 04:05:06 GMT")
    }

    @Test func `numbers are seconds, or milliseconds from 10¹¹ on`() {
        #expect(Timestamp(.integer(1_772_337_906))?.milliseconds == 1_772_337_906_000)
        #expect(Timestamp(.integer(1_772_337_906_007))?.milliseconds == 1_772_337_906_007)
        #expect(Timestamp(.number(1.5))?.milliseconds == 1500)
        #expect(Timestamp(.null) == nil)
    }

    @Test(arguments: [0, 1_772_337_906_007, -500, 951_782_400_000, 253_402_300_799_999] as [Int64])
    func `writing and reading agree`(milliseconds: Int64) {
        let instant = Timestamp(milliseconds: milliseconds)
        #expect(Timestamp(iso8601: instant.iso8601) == instant)
    }

    @Test(arguments: [
        (Duration.milliseconds(850), "850 ms"), (.milliseconds(2449), "2.4 s"), (.seconds(312), "5m 12s"),
        (.seconds(5400), "1h 30m"), (.seconds(183_600), "2d 3h"),
    ])
    func `durations are short for people`(duration: Duration, text: String) {
        #expect(duration.short == text)
    }
}
