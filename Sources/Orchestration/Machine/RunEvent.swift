/// What people and `--json` are told while a run goes on.
package enum RunEvent: Sendable {
    /// The id is empty for a run that is in no journal.
    case began(script: String, run: String)
    case phase(String)
    case step(StepEvent)
    /// The script printed a line.
    case print(String)
    case log(level: LogLevel, String)
    /// Something a person should know, which is no failure.
    case warning(String)
    case ended(RunEnd)
}
