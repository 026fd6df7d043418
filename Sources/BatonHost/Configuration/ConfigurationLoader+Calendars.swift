import DataStudio

/// `calendars` of the configuration.
extension ConfigurationLoader {
    private static let weekdays = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]

    func calendar(_ settings: SettingReader, _ name: String) -> CalendarSettings {
        let setting = "calendars.\(name)"
        let days = settings.list("calendars", name, "days") ?? []
        for day in days where CivilTime.day(day) == nil {
            settings.problems.append("\(setting).days: dates such as 2026-12-25 were expected; got \"\(day)\"")
        }
        var calendar = CalendarSettings(days: days, file: settings.path(["calendars", name, "ics"]))
        guard let words = settings.list("calendars", name, "weekend") else { return calendar }
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
        return calendar
    }
}
