import Glibc

/// The time zone in which scripts tell the time.
enum TimeZoneSetting {
    /// A run that goes on tells the time as it did when it began, whatever this process was given.
    static func use(_ zone: String) {
        setenv("TZ", zone, 1)
        tzset()
    }
}
