import DataStudio
package import Orchestration

/// `calendars.NAME` of the configuration. The file is read when a run begins that names the calendar: a run that goes on has the
/// days as they were.
package struct CalendarSettings: Hashable, Sendable {
    /// Dates such as `2026-12-25`.
    package var days: [String]
    /// The path of an iCalendar file with more of them.
    package var file: String?
    /// Days of the week, Monday is 1.
    package var weekend: [Int] = [6, 7]

    /// Rules without an end are followed for so many years from now on.
    private static let yearsAhead = 5
    private static let longestFile = 4 << 20

    /// The days with those of the file as it is now.
    ///
    /// - Parameter name: in the configuration, for messages.
    /// - Throws: ``ConfigurationError`` for a file that cannot be read.
    package func read(_ name: String) throws(ConfigurationError) -> WorkCalendar {
        guard let file else { return WorkCalendar(days: days, weekend: weekend) }
        do throws(ConfigurationError) {
            return WorkCalendar(days: try Self.file(file).days(with: days), weekend: weekend)
        } catch {
            throw ConfigurationError(problems: error.problems.map { "calendars.\(name).ics: \($0)" })
        }
    }

    private static func file(_ path: String) throws(ConfigurationError) -> HolidayFile {
        let text: String
        do {
            text = try TrustedFile.contents(of: path, longest: longestFile).text
        } catch let error as TrustedFile.Unreadable {
            throw ConfigurationError("\(path) cannot be read: \(error)")
        } catch {
            throw ConfigurationError("\(error)")
        }
        let year = Int(CivilTime(seconds: Timestamp.now.seconds).year)
        return try HolidayFile(text, path: path, until: year + yearsAhead)
    }
}

extension BatonConfiguration {
    /// Reads those calendars whose names are wanted: all, unless it is said.
    ///
    /// - Throws: ``ConfigurationError`` with all that is wrong.
    package func readCalendars(_ isWanted: (String) -> Bool = { _ in true }) throws(ConfigurationError) -> [String:
        WorkCalendar]
    {
        var found: [String: WorkCalendar] = [:]
        var problems: [String] = []
        for (name, settings) in calendars.sorted(by: { $0.key < $1.key }) where isWanted(name) {
            do throws(ConfigurationError) {
                found[name] = try settings.read(name)
            } catch {
                problems += error.problems
            }
        }
        guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
        return found
    }
}
