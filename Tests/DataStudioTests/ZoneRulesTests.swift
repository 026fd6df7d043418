import Testing

@testable import DataStudio

/// When clocks show what, by rules that are planted. Against the C library: `StockTimeTests`.
@Suite struct ZoneRulesTests {
    private static func seconds(_ text: String) throws -> Int64 {
        try #require(Timestamp(iso8601: text)).seconds
    }

    private static func local(_ instant: String, in rule: String) throws -> String {
        let zone = try #require(ZoneRules(rule: rule))
        let seconds = try seconds(instant)
        let time = Timestamp(milliseconds: (seconds + zone.offset(at: seconds).seconds) * 1000)
        return "\(time.iso8601.prefix(19)) \(zone.offset(at: seconds).abbreviation)"
    }

    @Test(arguments: [
        ("UTC0", "2026-07-01T12:00:00", "2026-07-01T12:00:00 UTC"),
        ("UTC+3", "2026-07-01T12:00:00", "2026-07-01T09:00:00 UTC"),
        ("<+0545>-5:45", "2026-07-01T12:00:00", "2026-07-01T17:45:00 +0545"),
        ("AAA-0:00:01", "2026-07-01T12:00:00", "2026-07-01T12:00:01 AAA"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T00:59:59", "2026-03-29T01:59:59 CET"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T01:00:00", "2026-03-29T03:00:00 CEST"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25T00:59:59", "2026-10-25T02:59:59 CEST"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25T01:00:00", "2026-10-25T02:00:00 CET"),
        ("EST5EDT4:30,M3.2.0,M11.1.0", "2026-07-01T12:00:00", "2026-07-01T07:30:00 EDT"),
        // In the south summer time lasts over the new year.
        ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2025-12-31T13:30:00", "2026-01-01T00:30:00 +11"),
        ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-07-01T00:00:00", "2026-07-01T10:30:00 +1030"),
        // The 60th day is 1 March with J, and the 61st counted from 0 otherwise, 29 February in a leap year.
        ("AAA0BBB,J60/0,J300/0", "2024-02-29T23:59:59", "2024-02-29T23:59:59 AAA"),
        ("AAA0BBB,J60/0,J300/0", "2024-03-01T00:00:00", "2024-03-01T01:00:00 BBB"),
        ("AAA0BBB,59/0,300/0", "2024-02-29T00:00:00", "2024-02-29T01:00:00 BBB"),
        // Times beyond a day, and before it.
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59", "2026-03-28T22:59:59 -02"),
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00", "2026-03-29T00:00:00 -01"),
        ("EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-28T00:00:00", "2026-03-28T03:00:00 EEST"),
        // Summer time all year long.
        ("EST5EDT,0/0,J365/25", "2026-01-01T04:30:00", "2026-01-01T00:30:00 EDT"),
        ("EST5EDT,0/0,J365/25", "2025-12-31T12:00:00", "2025-12-31T08:00:00 EDT"),
    ])
    func `a rule says what clocks show`(rule: String, instant: String, local: String) throws {
        #expect(try Self.local(instant, in: rule) == local)
    }

    @Test(arguments: [
        "", "UTC", "C1", "CET", "CET-1CEST", "CET-1CEST,", "CET-1CEST,M3.5.0", "CET-25", "CET-1x",
        "CET-1CEST,M13.1.0,M1.1.0",
        "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,M3.5.0/168,M10.5.0", "<CET-1", "<>-1",
        "CET-1CEST,J0,J365", "CET-1CEST,366,1", "CET-1:60", "CET-1 ", "Europe/Berlin", "+3", "A\u{301}BC-1",
    ])
    func `what is no rule is none`(text: String) {
        #expect(ZoneRules(rule: text) == nil)
    }

    /// In a zone an hour ahead of UTC, and two in summer.
    @Test(
        arguments: [
            ("2026-01-15T12:00:00", nil, "2026-01-15T11:00:00"), ("2026-07-15T12:00:00", nil, "2026-07-15T10:00:00"),
            // Skipped: as by the offset before, or as it is asked for.
            ("2026-03-29T02:30:00", nil, "2026-03-29T01:30:00"), ("2026-03-29T02:30:00", false, "2026-03-29T01:30:00"),
            ("2026-03-29T02:30:00", true, "2026-03-29T00:30:00"), ("2026-03-29T03:00:00", nil, "2026-03-29T01:00:00"),
            ("2026-03-29T01:59:59", nil, "2026-03-29T00:59:59"),
            // Shown twice: the first, or as it is asked for.
            ("2026-10-25T02:30:00", nil, "2026-10-25T00:30:00"), ("2026-10-25T02:30:00", true, "2026-10-25T00:30:00"),
            ("2026-10-25T02:30:00", false, "2026-10-25T01:30:00"), ("2026-10-25T03:00:00", nil, "2026-10-25T02:00:00"),
            // What does not fit counts with the other offset.
            ("2026-07-15T12:00:00", false, "2026-07-15T11:00:00"), ("2026-01-15T12:00:00", true, "2026-01-15T10:00:00"),
        ] as [(String, Bool?, String)])
    func `a local time is an instant`(local: String, isSummer: Bool?, instant: String) throws {
        let zone = try #require(ZoneRules(rule: "CET-1CEST,M3.5.0,M10.5.0/3"))
        let found = zone.instant(ofLocal: try Self.seconds(local), isSummer: isSummer)
        #expect(found == (try Self.seconds(instant)))
    }

    @Test func `any instant has an offset`() throws {
        for rule in ["UTC0", "CET-1CEST,M3.5.0,M10.5.0/3", "EST5EDT,M3.2.0,M11.1.0"] {
            let zone = try #require(ZoneRules(rule: rule))
            for instant in [Int64.min, .min + 1, -1 << 60, 1 << 60, .max - 1, .max] {
                #expect(zone.offset(at: instant).seconds.magnitude < 86_400)
            }
        }
    }

    @Test func `summer time that there is not is an hour ahead`() {
        #expect(ZoneRules.utc.instant(ofLocal: 10_000, isSummer: true) == 6400)
        #expect(ZoneRules.utc.instant(ofLocal: 10_000, isSummer: false) == 10_000)
    }

    @Test func `every instant is found again by what clocks show, unless they showed it before`() throws {
        for rule in ["CET-1CEST,M3.5.0,M10.5.0/3", "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "NST3:30NDT,M3.2.0,M11.1.0"]
        {
            let zone = try #require(ZoneRules(rule: rule))
            for instant in stride(from: Int64(1_700_000_000), to: 1_800_000_000, by: 1799) {
                let offset = zone.offset(at: instant)
                let found = zone.instant(ofLocal: instant + offset.seconds)
                #expect(found == instant || (found < instant && !offset.isSummer), "\(rule) \(instant)")
                #expect(zone.instant(ofLocal: instant + offset.seconds, isSummer: offset.isSummer) == instant)
            }
        }
    }

    @Test func `a date of the calendar and its seconds are each other's inverse`() {
        var generator = SplitMix(seed: 1)
        for _ in 0..<20_000 {
            let seconds = Int64.random(in: -100_000_000_000_000...100_000_000_000_000, using: &generator)
            let time = CivilTime(seconds: seconds)
            let back = CivilTime.seconds(
                year: time.year, month: time.month, day: time.day, hour: time.hour, minute: time.minute,
                second: time.second)
            #expect(back == seconds)
            #expect((1...12).contains(time.month) && (0...365).contains(time.dayOfYear))
        }
        // Any month is one of some year.
        #expect(CivilTime.seconds(year: 2026, month: 0, day: 1) == CivilTime.seconds(year: 2025, month: 12, day: 1))
        #expect(CivilTime.seconds(year: 2026, month: 26, day: 0) == CivilTime.seconds(year: 2028, month: 1, day: 31))
        #expect(CivilTime(seconds: 0).weekday == 4 && CivilTime(seconds: -1).weekday == 3)
    }

    @Test func `a text is a date if there is that day`() {
        #expect(CivilTime.day("1970-01-02") == 1 && CivilTime.day("2024-02-29") == 19_782)
        for text in [
            "2026-02-30", "2026-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "0000-01-01", "2026-1-01", "20260101",
            "2026-01-01 ", "2026-01-01-", "+026-01-01", "2026-01-0\u{661}", "", "--",
        ] { #expect(CivilTime.day(text) == nil, "\(text)") }
    }

    // MARK: Files

    /// A file with a change to summer time and one back, and a rule for later.
    private static func file(
        changes: [Int64] = [1000, 2000], indices: [UInt8] = [1, 0], leapSeconds: Int = 0, footer: String = "STD-1"
    ) -> [UInt8] {
        func number(_ value: Int64, _ width: Int) -> [UInt8] {
            (0..<width).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        func header(_ counts: [Int]) -> [UInt8] {
            Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15) + counts.flatMap { number(Int64($0), 4) }
        }
        let names = Array("STD\0DST\0".utf8)
        // The first part, for readers of 32 bits, says something else.
        var bytes = header([0, 0, 0, 1, 1, 4]) + number(5, 4) + [0] + number(7200, 4) + [0, 0] + Array("OLD\0".utf8)
        bytes += header([0, 0, leapSeconds, changes.count, 2, names.count])
        bytes += changes.flatMap { number($0, 8) } + indices
        bytes += number(3600, 4) + [0, 0] + number(7200, 4) + [1, 4] + names
        bytes += [UInt8](repeating: 0, count: leapSeconds * 12)
        return bytes + [10] + Array(footer.utf8) + [10]
    }

    @Test func `a file says what clocks showed, and its rule what they will`() throws {
        let zone = try ZoneRules(
            name: "Somewhere", version: "2026a", tzif: Self.file(footer: "STD-1DST,J100/0,J200/0"))
        #expect(zone.name == "Somewhere" && zone.version == "2026a")
        #expect(
            [-5, 999, 1000, 1999, 2000].map { zone.offset(at: $0).abbreviation } == ["STD", "STD", "DST", "DST", "STD"])
        #expect(zone.offset(at: 1500) == ZoneOffset(seconds: 7200, isSummer: true, abbreviation: "DST"))
        #expect(zone.offset(at: try Self.seconds("2026-05-01")).abbreviation == "DST")
        #expect(zone.period(at: 1500) == ZonePeriod(start: 1000, end: 2000, offset: zone.offset(at: 1500)))
        #expect(zone.period(at: 2500).start == 2000)
        // No rule, or one that is none: what the last change brought.
        for footer in ["", "?"] {
            let zone = try ZoneRules(name: "a", version: nil, tzif: Self.file(footer: footer))
            #expect(zone.offset(at: 5_000_000_000).abbreviation == "STD")
        }
        // Where nothing changes no version of the database says anything else.
        let fixed = try ZoneRules(name: "a", version: "2026a", tzif: Self.file(changes: [], indices: []))
        #expect(fixed.version == nil && fixed.offset(at: 0).abbreviation == "STD")
    }

    @Test func `a file that is none is refused, whatever it holds`() throws {
        #expect(throws: ZoneError.self) { try ZoneRules(name: "a", version: nil, tzif: Self.file(leapSeconds: 1)) }
        for (changes, indices) in [([2000, 1000], [1, 0]), ([1000, 1000], [1, 0]), ([1000, 2000], [1, 2])]
            as [([Int64], [UInt8])]
        {
            #expect(throws: ZoneError.self) {
                try ZoneRules(name: "a", version: nil, tzif: Self.file(changes: changes, indices: indices))
            }
        }
        let whole = Self.file()
        let content = whole.count - "\nSTD-1\n".utf8.count
        for count in 0..<content {
            #expect(throws: ZoneError.self) { try ZoneRules(name: "a", version: nil, tzif: Array(whole[..<count])) }
        }
        var generator = SplitMix(seed: 2)
        for _ in 0..<20_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            guard let zone = try? ZoneRules(name: "a", version: nil, tzif: bytes) else { continue }
            for instant in [Int64(-1 << 40), 0, 1500, 1 << 40] { _ = zone.instant(ofLocal: instant) }
        }
    }
}
