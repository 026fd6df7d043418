/// What people and `--json` are told while a run goes on.
package enum RunEvent: Sendable {
    /// The id is empty for a run that is in no journal.
    case began(script: String, run: String)
    case phase(String)
    case step(StepEvent)
    /// Of a session: somebody entered that at the prompt.
    case line(String)
    /// Of a session: the line is over.
    case lineEnded(LineEnd)
    /// Of a session: a task of `spawn` that nobody waits for is over; `nil` if it went well.
    case taskEnded(name: String, location: String?, ScriptError?)
    /// The script printed a line.
    case print(String)
    case log(level: LogLevel, String)
    /// Something a person should know, which is no failure.
    case warning(String)
    /// A workflow may have been started twice: why, with the jobs. A person has to look.
    case suspicion(String)
    case ended(RunEnd)
}
