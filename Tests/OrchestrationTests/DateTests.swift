import DataStudio
import Foundation
import Orchestration
import Testing

/// `date`: dates as texts.
@Suite struct DateTests {
    private func output(_ script: String, zone: ZoneRules? = nil) throws -> [String] {
        let run = try VirtualRun(script, zone: zone).run()
        try #require(run.end?.status == .succeeded, "\(String(describing: run.end?.error))")
        return run.output
    }

    @Test(arguments: [
        (#"date.add("2026-12-25", 7)"#, "2027-01-01"), (#"date.add("2024-02-28", 1)"#, "2024-02-29"),
        (#"date.add("2026-03-01", -1)"#, "2026-02-28"), (#"date.add("2026-01-31", 1, "months")"#, "2026-02-28"),
        (#"date.add("2024-01-31", 1, "months")"#, "2024-02-29"),
        (#"date.add("2026-03-31", -1, "months")"#, "2026-02-28"),
        (#"date.add("2024-02-29", 1, "years")"#, "2025-02-28"), (#"date.add("2026-11-30", 2, "weeks")"#, "2026-12-14"),
        (#"date.add("2026-12-04", 1, "workdays")"#, "2026-12-07"),
        (#"date.add("2026-12-24", 1, "workdays", { "2026-12-25" })"#, "2026-12-28"),
        (#"date.add("2026-12-28", -1, "workdays", { "2026-12-25" })"#, "2026-12-24"),
        (#"date.add("2026-12-05", 0, "workdays")"#, "2026-12-05"), (#"date.diff("2026-12-25", "2027-01-01")"#, "7"),
        (#"date.diff("2027-01-01", "2026-12-25")"#, "-7"), (#"date.diff("2026-11-30", "2026-12-13", "weeks")"#, "1"),
        (#"date.diff("2026-12-13", "2026-11-30", "weeks")"#, "-1"),
        (#"date.diff("2026-01-31", "2026-03-01", "months")"#, "1"),
        (#"date.diff("2026-03-01", "2026-01-31", "months")"#, "-1"),
        (#"date.diff("2026-12-24", "2026-12-28", "workdays", { "2026-12-25" })"#, "1"),
        (#"date.weekday("2026-11-30")"#, "1"), (#"date.weekday("1970-01-04")"#, "7"),
        (#"date.is_workday("2026-12-05")"#, "false"), (#"date.is_workday("2026-12-04")"#, "true"),
        (#"date.is_workday("2026-12-25", { "2026-12-25" })"#, "false"),
        (#"date.first_of_month("2026-12-25")"#, "2026-12-01"), (#"date.last_of_month("2024-02-10")"#, "2024-02-29"),
        (#"date.last_of_month("2026-12-25")"#, "2026-12-31"),
        (#"date.format("2026-12-05", "%d.%m.%Y %a %H")"#, "05.12.2026 Sat 00"),
        (#"date.parse("5.12.2026", "%d.%m.%Y")"#, "2026-12-05"), (#"date.parse("20261205", "%Y%m%d")"#, "2026-12-05"),
        (#"date.parse("05-12-26 (x)", "%d-%m-%y (x)")"#, "2026-12-05"), (#"date.today()"#, "2026-03-01"),
    ])
    func `a date is computed`(expression: String, value: String) throws {
        #expect(try output("print(\(expression))") == [value])
    }

    @Test(arguments: [
        (#"date.add("2026-12-24", 1, "workdays", "uk")"#, "2026-12-29"),
        (#"date.add("2026-12-29", -1, "workdays", "uk")"#, "2026-12-24"),
        (#"date.diff("2026-12-24", "2026-12-29", "workdays", "uk")"#, "1"),
        (#"date.is_workday("2026-12-25", "uk")"#, "false"), (#"date.is_workday("2026-12-24", "uk")"#, "true"),
        (#"date.is_workday("2026-12-04", "ae")"#, "false"), (#"date.is_workday("2026-12-06", "ae")"#, "true"),
        (#"date.is_workday("2050-12-06", "empty")"#, "true"),
        (
            #"select(2, pcall(date.is_workday, "2028-01-03", "uk"))"#,
            #"date.is_workday: the calendar "uk" knows the days from 2026-01-01 to 2027-12-31 only: add days to calendars.uk"#
        ),
        (
            #"select(2, pcall(date.add, "2027-12-31", 1, "workdays", "uk"))"#,
            #"date.add: the calendar "uk" knows the days from 2026-01-01 to 2027-12-31 only: add days to calendars.uk"#
        ),
        (
            #"select(2, pcall(date.add, "2026-12-24", 1, "workdays", "us"))"#,
            #"date.add: there is no calendar "us" in the configuration"#
        ),
    ])
    func `a calendar of the configuration counts, as far as it goes`(expression: String, value: String) throws {
        let run = try VirtualRun("print(\(expression))") { $0.calendars = Self.calendars }.run()
        try #require(run.end?.status == .succeeded, "\(String(describing: run.end?.error))")
        #expect(run.output.first?.hasSuffix(value) == true, "\(run.output)")
        // It is kept as it was when the run began.
        let body = try #require(run.records.first?.body)
        guard case .began(let kept) = try RecordBody(kind: "began", payload: body.payload) else { return }
        #expect(kept.calendars == Self.calendars)
    }

    @Test(arguments: [
        "date.add('x', 1)", "date.add('2026-12-24', 1.5)", "date.add('2027-12-31', 1, 'workdays', 'uk')",
        "date.add('2026-12-24', 1, 'hours')", "date.add('9999-12-31', 1)", "date.diff('x', '2026-12-24')",
        "date.diff('2026-12-24', '2028-12-24', 'workdays', 'uk')", "date.weekday('2026-02-30')", "date.is_workday('x')",
        "date.is_workday('2028-01-03', 'uk')", "date.is_workday('2026-12-24', 'us')",
        "date.is_workday('2026-12-24', 1)",
        "date.first_of_month(1)", "date.last_of_month('x')", "date.format('x', '%d')", "date.format('2026-12-24')",
        "date.parse('a', '%d.%m.%Y')", "date.parse('a', '%H')", "date.at('2026-12-24', 'noon')",
    ])
    func `an error that ends the run has the script's line`(call: String) throws {
        let run = try VirtualRun("local none\nlocal value = \(call)\nprint(value)") { $0.calendars = Self.calendars }
            .run()
        #expect(run.end?.error?.text.contains(/^[^ ]*:2: date\./) == true, "\(run.end?.error?.text ?? "")")
    }

    private static let calendars = [
        "uk": WorkCalendar(days: ["2027-01-01", "2026-12-25", "2026-12-28"]),
        "ae": WorkCalendar(days: ["2026-12-02"], weekend: [5, 6]), "empty": WorkCalendar(days: []),
    ]

    @Test(arguments: [
        (#"date.add("2026-02-30", 1)"#, "date.add: 2026-02-30 is no date"),
        (#"date.add("25.12.2026", 1)"#, "date.add: a date such as 2026-12-25 was expected; got \"25.12.2026\""),
        (#"date.add("2026-12-25", 1.5)"#, "a whole number was expected; got 1.5"),
        (#"date.add("2026-12-25", 1, "day")"#, "the unit is"),
        (#"date.add("9999-12-31", 1)"#, "between the years 1 and 9999"),
        (#"date.add("2026-12-25", 1 << 62)"#, "a whole number was expected"),
        (#"date.add("2026-12-25", 1000001, "workdays")"#, "working days are the most"),
        (#"date.is_workday("2026-12-25", { "25.12." })"#, "a date such as"),
        (#"date.weekday(20261225)"#, "got 20261225"),
        (#"date.parse("31.2.2026", "%d.%m.%Y")"#, "is no date"), (#"date.parse("x", "%d.%m.%Y")"#, "is not written as"),
        (#"date.parse("5", "%d")"#, "does not tell year, month and day"), (#"date.parse("5", "%H")"#, "got %H"),
        (#"date.at("2026-12-25", "24:00")"#, "a time such as 01:30"),
        (#"date.at("2026-12-25", "1:30", { x = 1 })"#, "the options are"),
    ])
    func `what is no date is an error at the line of the script`(expression: String, message: String) throws {
        let run = try VirtualRun("print(\(expression))").run()
        let error = run.end?.error?.message ?? ""
        #expect(error.contains(message) && run.end?.error?.location?.hasPrefix("test.lua:1") == true, "\(error)")
    }

    @Test func `ten thousand random dates are what the calendar says`() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: "UTC")!
        var random = SplitMix(seed: 4)
        var script = ""
        var expected: [String] = []
        func text(_ date: Foundation.Date) -> String {
            let parts = calendar.dateComponents([.year, .month, .day], from: date)
            return String(format: "%04d-%02d-%02d", parts.year!, parts.month!, parts.day!)
        }
        for _ in 0..<200 {
            let day = Foundation.Date(
                timeIntervalSince1970: Double(Int.random(in: -20_000...60_000, using: &random)) * 86_400)
            let days = Int.random(in: -5000...5000, using: &random), months = Int.random(in: -300...300, using: &random)
            let other = calendar.date(byAdding: .day, value: days, to: day)!
            script += """
                print(date.add("\(text(day))", \(days)), date.add("\(text(day))", \(months), "months"),
                  date.weekday("\(text(day))"), date.diff("\(text(day))", "\(text(other))"))

                """
            let later = calendar.date(byAdding: .month, value: months, to: day)!
            let weekday = (calendar.component(.weekday, from: day) + 5) % 7 + 1
            expected.append("\(text(other))\t\(text(later))\t\(weekday)\t\(days)")
        }
        #expect(try output(script) == expected)
    }

    /// In 2026 the clocks of Berlin go forward on 29 March at 02:00, and back on 25 October at 03:00.
    @Test(arguments: [
        (#"date.at("2026-03-29", "01:30")"#, "1774744200"), (#"date.at("2026-03-29", "03:30")"#, "1774747800"),
        (#"date.at("2026-03-29", "02:30", { missing = "next" })"#, "1774746000"),
        (#"date.at("2026-03-29", "02:30", { missing = "shift" })"#, "1774747800"),
        (#"date.at("2026-10-25", "02:30")"#, "1792888200"),
        (#"date.at("2026-10-25", "02:30", { repeated = "second" })"#, "1792891800"),
        (#"date.at("2026-10-25", "03:00")"#, "1792893600"), (#"date.at("2026-07-01", "12:00")"#, "1782900000"),
        (
            #"select(2, pcall(date.at, "2026-03-29", "02:30"))"#,
            "date.at: there is no 02:30 on 2026-03-29: the clocks go forward then"
        ),
    ])
    func `a time of a day is an instant, also when the clock changes`(expression: String, value: String)
        throws
    {
        let file = try Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/Europe/Berlin"))
        let zone = try ZoneRules(name: "Europe/Berlin", version: nil, tzif: [UInt8](file))
        #expect(try output("print(\(expression))", zone: zone) == [value])
    }
}
