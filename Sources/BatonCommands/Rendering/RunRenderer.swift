import DataStudio
import Orchestration

/// Shows a run to somebody.
protocol RunRenderer: Sendable {
    /// True if it is to be redrawn while nothing happens.
    var isLive: Bool { get }
    /// True if what it tells is sent to people as a message.
    var isMailed: Bool { get }
    func receive(_ event: RunEvent, at now: Timestamp)
    /// Takes an event of an earlier life, which was told then.
    func recall(_ event: RunEvent, at time: Timestamp)
    /// Tells something that is no event of a run. With a code it is the last thing that is told.
    func note(_ text: String, code: Int32?)
    /// The same with what to do about it.
    func note(_ text: String, _ advice: Advice, code: Int32?)
    /// Tells something likewise that somebody should know of even if all goes well.
    func warn(_ text: String)
    /// From now on it can be told how long a step usually takes.
    func know(_ usual: @escaping @Sendable (_ title: String) -> Duration?)
    func redraw()
}

extension RunRenderer {
    var isMailed: Bool { false }

    func know(_ usual: @escaping @Sendable (_ title: String) -> Duration?) {}

    func note(_ text: String) { note(text, code: nil) }

    func note(_ text: String, _ advice: Advice, code: Int32?) {
        note("\(text) \(advice.text) \(advice.commands.joined(separator: ", "))", code: code)
    }

    func warn(_ text: String) { note(text, code: nil) }
}
