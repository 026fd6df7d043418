/// What people and `--json` are told while a run goes on.
package enum RunEvent: Sendable {
    /// The id is empty for a run that is in no journal.
    case began(script: String, run: String, part: Int)
    case phase(String)
    indirect case step(StepEvent)
    /// Of a session: somebody entered that at the prompt.
    case line(String)
    /// Of a session: the line is over.
    indirect case lineEnded(LineEnd)
    /// Of a session: a task of `spawn` that nobody waits for is over; `nil` if it went well.
    indirect case taskEnded(name: String, location: String?, ScriptError?)
    /// The script printed a line.
    case print(String)
    case log(level: LogLevel, String)
    /// Something a person should know, which is no failure.
    case warning(String)
    /// A workflow may have been started twice: why, with the jobs. A person has to look.
    case suspicion(String)
    indirect case ended(RunEnd)
}

extension RunEvent {
    /// How long its texts are, in bytes, as far as a script decides that.
    var textSize: Int {
        switch self {
        case .phase(let text), .print(let text), .log(_, let text), .warning(let text), .line(let text): text.utf8.count
        case .began, .step, .lineEnded, .taskEnded, .suspicion, .ended: 0
        }
    }
}
