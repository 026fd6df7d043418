import DataStudio
import JSON

/// How a server writes times.
struct StampForm: Hashable {
    /// ISO 8601 or numbers.
    let times: Scenario.TimeForm
    /// Times are truncated to a multiple of it; zero: they are exact.
    var resolution = Duration.zero
    /// The offset from UTC of local times, which do not tell it; `nil`: times are UTC.
    var zone: Duration?

    /// The time as a reader understands it that takes a time without a zone for UTC.
    ///
    /// Seconds since 1970 keep their fraction here: only the text of a reply lacks it.
    func instant(_ reading: Timestamp) -> Timestamp {
        var time = reading
        // A number counts from an instant: it has no zone.
        if times == .iso, let zone { time = time + zone }
        let unit = resolution.milliseconds
        guard unit > 1 else { return time }
        let rest = time.milliseconds % unit
        return Timestamp(milliseconds: time.milliseconds - (rest < 0 ? rest + unit : rest))
    }

    func json(_ reading: Timestamp) -> JSON {
        let time = instant(reading)
        return switch times {
        case .iso: .string(text(time))
        case .seconds: .integer(time.seconds)
        case .milliseconds: .integer(time.milliseconds)
        }
    }

    private func text(_ time: Timestamp) -> String {
        let text = time.iso8601
        let end = zone == nil ? "Z" : ""
        // `:06.007Z`
        if resolution >= .seconds(60) { return "\(text.dropLast(8))\(end)" }
        // `.007Z`
        if resolution >= .seconds(1) { return "\(text.dropLast(5))\(end)" }
        return zone == nil ? text : String(text.dropLast())
    }
}
