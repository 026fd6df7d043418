import DataStudio
import Foundation
import Orchestration

/// `calendars` of the configuration.
extension ConfigurationLoader {
    private static let weekdays = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]
    /// Rules without an end are followed for so many years from now on.
    private static let yearsAhead = 5
    private static let longestFile = 4 << 20

    func calendar(_ settings: SettingReader, _ name: String) -> WorkCalendar {
        let setting = "calendars.\(name)"
        var days = settings.list("calendars", name, "days") ?? []
        for day in days where !HolidayFile.isDate(day) {
            settings.problems.append("\(setting).days: dates such as 2026-12-25 were expected; got \"\(day)\"")
        }
        if let path = settings.path(["calendars", name, "ics"]) {
            do throws(ConfigurationError) {
                days += try Self.days(in: path)
            } catch {
                settings.problems += error.problems.map { "\(setting).ics: \($0)" }
            }
        }
        var calendar = WorkCalendar(days: days)
        if let words = settings.list("calendars", name, "weekend") {
            calendar.weekend = words.compactMap { word in
                let day = Self.weekdays.firstIndex(of: word.uppercased()).map { $0 + 1 }
                if day == nil {
                    settings.problems.append(
                        "\(setting).weekend: days such as SAT were expected: \(Self.weekdays.joined(separator: ", ")); got \"\(word)\""
                    )
                }
                return day
            }
            if Set(calendar.weekend).count == Self.weekdays.count {
                settings.problems.append("\(setting).weekend: a day of the week must be left to work")
            }
        }
        return calendar
    }

    private static func days(in path: String) throws(ConfigurationError) -> [String] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError("\(path) cannot be read")
        }
        guard data.count <= longestFile, let text = String(data: data, encoding: .utf8) else {
            throw ConfigurationError("\(path) is larger than 4 MB, or not UTF-8")
        }
        let year = Int(Timestamp.now.iso8601.prefix(4)) ?? 2000
        return try HolidayFile(text, path: path, until: year + yearsAhead).days
    }
}
