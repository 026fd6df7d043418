/// What came of telling somebody once, and what follows from it.
enum Delivery: Equatable {
    case done
    /// It may go well another time.
    case again(String)
    /// It will not.
    case refused(String)

    /// How often one announcement is tried on one way.
    static let mostTries = 3

    /// How long to wait before the next try.
    ///
    /// - Parameter tries: how many there have been.
    static func pause(after tries: Int) -> Duration { .milliseconds(500 * (1 << (2 * (tries - 1)))) }

    /// What an HTTP status means. A redirect is not followed: the address is as it was configured, or it is wrong.
    init(status: Int) {
        switch status {
        case 200..<300: self = .done
        case 300..<400: self = .refused("it redirects (\(status)): configure the address it leads to")
        case 408, 429, 500...: self = .again("it answers \(status)")
        default: self = .refused("it answers \(status)")
        }
    }
}
