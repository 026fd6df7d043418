package import DataStudio
import JSON

/// Something that people are told about a run.
package struct Announcement: Sendable {
    /// What happened; more than one word may fit, as failure and ambiguous.
    package var occasions: Set<Occasion>
    /// One line.
    package var title: String
    /// The whole story, in lines.
    package var text: String
    /// The run's id.
    package var run: String
    /// The script's name.
    package var script: String
    /// How the run stands, as `running` or `failed`.
    package var status: String
    /// Of a run that is over or left; `nil` for one that is not.
    package var exitCode: Int32?
    /// When it happened.
    package var at: Timestamp

    /// An announcement.
    package init(
        _ occasions: Set<Occasion>, title: String, text: String, run: String, script: String, status: String,
        exitCode: Int32? = nil, at: Timestamp
    ) {
        self.occasions = occasions
        self.title = title
        self.text = text
        self.run = run
        self.script = script
        self.status = status
        self.exitCode = exitCode
        self.at = at
    }

    /// The occasion in one word, the gravest of them.
    var event: String {
        let order: [Occasion] = [.ambiguous, .duplicate, .failure, .recovered, .success, .late, .start, .notify]
        return order.first { occasions.contains($0) }?.rawValue ?? "notify"
    }

    /// The names of what may stand in a command: `{title}` and the like.
    static let names = ["title", "body", "event", "run", "script", "status", "exit_code", "host"]

    /// What they stand for.
    func values(host: String) -> [(name: String, value: String)] {
        [
            ("title", title), ("body", text), ("event", event), ("run", run), ("script", script), ("status", status),
            ("exit_code", exitCode.map { String($0) } ?? ""), ("host", host),
        ]
    }
}
