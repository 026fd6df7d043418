/// What people and `--json` are told while a run goes on.
package enum RunEvent: Sendable {
    case began(script: String)
    case phase(String)
    case step(StepEvent)
    /// The script printed a line.
    case print(String)
    case log(level: LogLevel, String)
    /// Something a person should know, which is no failure.
    case warning(String)
    case ended(RunEnd)
}
