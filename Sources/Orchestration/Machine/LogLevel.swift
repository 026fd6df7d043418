/// The levels of a script's `log`.
package enum LogLevel: String, CaseIterable, Sendable {
    case debug, info, warn, error
}
