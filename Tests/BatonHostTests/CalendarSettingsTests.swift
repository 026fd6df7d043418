import DataStudio
import Foundation
import Orchestration
import Testing

@testable import BatonHost

/// The calendars of a configuration, read when a run wants them.
@Suite struct CalendarSettingsTests {
    private static func load(_ folder: Folder, _ calendars: String) throws -> BatonConfiguration {
        try folder.write("calendars: \(calendars)\n", to: "baton.yaml")
        return try ConfigurationLoader(environment: [:], directory: folder.path).load()
    }

    private static let file = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261225\nEND:VEVENT\nEND:VCALENDAR\n"

    @Test func `days of the file and of the list are one calendar`() throws {
        let folder = try Folder()
        try folder.write("\u{FEFF}" + Self.file, to: "uk.ics")
        let configuration = try Self.load(folder, "{ uk: { ics: uk.ics, days: [2026-12-28, 2026-12-25] } }")
        #expect(try configuration.readCalendars() == ["uk": WorkCalendar(days: ["2026-12-25", "2026-12-28"])])
    }

    /// A run that does not name a calendar, and one that goes on, do not need its file.
    @Test func `only the file of a calendar that is wanted is read`() throws {
        let folder = try Folder()
        let configuration = try Self.load(
            folder, "{ uk: { ics: none.ics }, us: { days: [2026-07-03] }, x: { ics: y } }")
        #expect(try configuration.readCalendars { $0 == "us" }.keys.sorted() == ["us"])
        let error = #expect(throws: ConfigurationError.self) { try configuration.readCalendars() }
        #expect(
            error?.problems == [
                "calendars.uk.ics: \(folder.path)/none.ics cannot be read: No such file or directory",
                "calendars.x.ics: \(folder.path)/y cannot be read: No such file or directory",
            ])
    }

    @Test(arguments: [
        ("folder", "folder is no regular file"), ("pipe", "pipe is no regular file"),
        ("large", "large is larger than 4 MB"), ("binary", "binary is not UTF-8"),
        ("empty", "empty is no iCalendar file: it does not begin with BEGIN:VCALENDAR"),
    ])
    func `what is no calendar is an error at once`(name: String, problem: String) throws {
        let folder = try Folder()
        try FileManager.default.createDirectory(atPath: folder.path + "/folder", withIntermediateDirectories: false)
        #expect(mkfifo(folder.path + "/pipe", 0o600) == 0)
        try folder.write(String(repeating: "X", count: (4 << 20) + 1), to: "large")
        try Data([0xFF, 0xFE, 0]).write(to: URL(fileURLWithPath: folder.path + "/binary"))
        try folder.write("", to: "empty")
        let configuration = try Self.load(folder, "{ uk: { ics: \(name) } }")
        let error = #expect(throws: ConfigurationError.self) { try configuration.readCalendars() }
        #expect(
            error?.problems.count == 1 && error?.problems.first?.hasSuffix(problem) == true,
            "\(String(describing: error))")
    }

    @Test func `doctor says how far a calendar goes, before it ends`() throws {
        let folder = try Folder()
        let configuration = try Self.load(
            folder, "{ uk: { days: [2026-12-25, 2026-12-28] }, none: { weekend: FRI }, bad: { ics: none.ics } }")
        let findings = OutwardFindings(configuration, environment: [:]).calendars(today: CivilTime.day("2026-11-02")!)
        #expect(
            findings == [
                DoctorFinding(
                    .wrong, "calendar bad",
                    "calendars.bad.ics: \(folder.path)/none.ics cannot be read: No such file or directory"),
                DoctorFinding(.right, "calendar none", "it has no holidays, only weekends"),
                DoctorFinding(
                    .note, "calendar uk", "2 days, known to 2026-12-31",
                    advice: "add the days of the next year: a date after 2026-12-31 is an error"),
            ])
        let early = OutwardFindings(configuration, environment: [:]).calendars(today: CivilTime.day("2026-11-01")!)
        #expect(early.last?.state == .right)
    }
}
