import DataStudio
import JSON
import Orchestration

/// `--json`: one object for each event on standard output.
struct JSONRenderer: RunRenderer {
    let isLive = false

    func receive(_ event: RunEvent, at now: Timestamp) {
        Output.standard.write(EventJSON.object(event, at: now).jsonText + "\n")
    }

    func note(_ text: String, code: Int32?) {
        Output.standard.write(EventJSON.note(text, code: code).jsonText + "\n")
    }

    func recall(_ event: RunEvent, at time: Timestamp) {}

    func redraw() {}
}
