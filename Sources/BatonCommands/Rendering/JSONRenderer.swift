import DataStudio
import JSON
import Orchestration

/// `--json`: one object for each event on standard output.
struct JSONRenderer: RunRenderer {
    /// A member of each object, where other runs are told of at the same time.
    var run: String?

    let isLive = false

    func receive(_ event: RunEvent, at now: Timestamp) {
        write(EventJSON.object(event, at: now))
    }

    func note(_ text: String, code: Int32?) {
        write(EventJSON.note(text, code: code))
    }

    private func write(_ object: JSON) {
        var members = object.members ?? []
        if let run, object["run"] == nil { members.append(JSONMember(name: "run", value: .string(run))) }
        Output.standard.write(JSON.object(members).jsonText + "\n")
    }

    func recall(_ event: RunEvent, at time: Timestamp) {}

    func redraw() {}
}
