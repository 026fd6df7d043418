import Glibc

/// The time zone in which scripts tell the time.
enum TimeZoneSetting {
    /// A run that goes on tells the time as it did when it began, whatever this process was given.
    static func use(_ zone: String) {
        setenv("TZ", zone, 1)
        tzset()
    }

    /// Goes through a run's log in its zone; people are told the time in theirs.
    static func during<Value>(_ zone: String?, _ body: () throws -> Value) rethrows -> Value {
        guard let zone else { return try body() }
        let own = getenv("TZ").map { String(cString: $0) }
        use(zone)
        defer {
            if let own { setenv("TZ", own, 1) } else { unsetenv("TZ") }
            tzset()
        }
        return try body()
    }
}
