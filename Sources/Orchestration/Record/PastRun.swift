package import DataStudio
import JSON

/// Which runs a script asks for; without anything, all.
package struct RunQuery: Hashable, Sendable {
    /// The script's path; a relative one lies beside the script that asks.
    package var script: String?
    /// The `--key` it was begun with.
    package var key: String?
    /// The date that it is for.
    package var date: String?
    /// That began then or later.
    package var since: Timestamp?
    /// That stand so, in the words of `baton runs`.
    package var state: String?
    /// How many at most, the newest first.
    package var limit = 50
    /// True if the script waits for one of them.
    package var isAwaited = false

    /// All of them.
    package init() {}
}

/// A run of the journal, as the script of another one sees it.
package struct PastRun: Hashable, Sendable {
    /// The run's id.
    package var id: String
    /// The script's path.
    package var path: String
    /// What messages call the script.
    package var script: String
    /// The `--key` it was begun with.
    package var key: String?
    /// The date that it is for.
    package var date: String
    /// When it began.
    package var began: Timestamp
    /// When it ended; `nil` for one that has not.
    package var ended: Timestamp?
    /// How it stands, in the words of `baton runs`.
    package var state: String
    /// What `--param` gave.
    package var parameters: [String: String] = [:]

    /// A run that stands so; without more, one that goes on.
    package init(id: String, path: String, script: String, date: String, began: Timestamp, state: String) {
        self.id = id
        self.path = path
        self.script = script
        self.date = date
        self.began = began
        self.state = state
    }

    var payload: JSON {
        .record([
            "id": .string(id), "path": .string(path), "script": .string(script), "key": key.map { .string($0) },
            "date": .string(date), "began": .integer(began.milliseconds),
            "ended": ended.map { .integer($0.milliseconds) }, "state": .string(state),
            "params": parameters.isEmpty ? nil : Answer.record(parameters),
        ])
    }

    init(payload: JSON) throws(RecordError) {
        guard let began = payload.time("began") else { throw RecordError("a run has no beginning") }
        self.init(
            id: try payload.string("id"), path: try payload.string("path"), script: try payload.string("script"),
            date: try payload.string("date"), began: began, state: try payload.string("state"))
        key = payload["key"]?.text
        ended = payload.time("ended")
        parameters = Answer.texts(payload["params"])
    }
}
