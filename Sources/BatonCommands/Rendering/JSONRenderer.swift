import DataStudio
import JSON
import Orchestration

/// One object for each event, on standard output or on standard error.
struct JSONRenderer: RunRenderer {
    /// A member of each object, where other runs are told of at the same time.
    var run: String?

    /// What the script prints stays on standard output all the same.
    var output = Output.standard

    let isLive = false

    func receive(_ event: RunEvent, at now: Timestamp) {
        if case .print(let text) = event, output.descriptor != Output.standard.descriptor {
            return Output.standard.write(text + "\n")
        }
        write(EventJSON.object(event, at: now))
    }

    func note(_ text: String, code: Int32?) {
        write(EventJSON.note(text, code: code))
    }

    private func write(_ object: JSON) {
        var members = object.members ?? []
        if let run, object["run"] == nil { members.append(JSONMember(name: "run", value: .string(run))) }
        output.write(JSON.object(members).jsonText + "\n")
    }

    func recall(_ event: RunEvent, at time: Timestamp) {}

    func redraw() {}
}
