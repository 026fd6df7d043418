package import DataStudio
import Escaping
package import JSON

/// Something that people are told about a run.
package struct Announcement: Sendable {
    /// What happened; more than one word may fit, as failure and ambiguous.
    package var occasions: Set<Occasion>
    /// One line.
    package var title: String
    /// The whole story, in lines.
    package var text: String
    /// The run's id; empty for one that was refused before it began.
    package var run: String
    /// The script's name.
    package var script: String
    /// The script's path; empty if there is none.
    package var path: String
    /// How the run stands, as `running` or `failed`.
    package var status: String
    /// Of a run that is over or left; `nil` for one that is not.
    package var exitCode: Int32?
    /// When it happened.
    package var at: Timestamp
    /// The workflows that it is about, as those that failed.
    package var workflows: Set<String> = []
    /// The targets that a script has named; empty: those that want it.
    package var targets: Set<String> = []
    /// The ways on which it is still to be sent, as `notify.webhook`; empty for one that has not been sent yet.
    package var ways: Set<String> = []

    private static let longestTitle = 300
    private static let longestText = 65_536

    /// An announcement. Title and text are cut where they are very long: programs take no arguments of any length, and nobody
    /// reads more. Nothing in the text moves a cursor or turns the direction of a line.
    package init(
        _ occasions: Set<Occasion>, title: String, text: String, run: String, script: String, path: String = "",
        status: String, exitCode: Int32? = nil, at: Timestamp
    ) {
        self.occasions = occasions
        self.title = Self.shortened(title, Self.longestTitle)
        self.text = Self.shortened(text, Self.longestText).replacingScalars { scalar in
            scalar != "\n" && scalar != "\t" && TextFormat.isControl(scalar) ? " " : nil
        }
        self.run = run
        self.script = script
        self.path = path
        self.status = status
        self.exitCode = exitCode
        self.at = at
    }

    /// At most so many bytes, with the note of how many are missing: what is kept in the journal and read again stays as it is.
    private static func shortened(_ text: String, _ most: Int) -> String {
        text.utf8.count > most ? text.cut(to: most - 40) : text
    }

    /// The occasion in one word, the gravest of them.
    var event: String {
        let order: [Occasion] = [
            .ambiguous, .duplicate, .failure, .recovered, .success, .late, .start, .approval, .notify,
        ]
        return order.first { occasions.contains($0) }?.rawValue ?? "notify"
    }

    /// True for what people have to know also hours later.
    var isWorthSendingLate: Bool { !occasions.isSubset(of: [.start, .late]) }

    /// The text for people who read it elsewhere: with the place that it comes from.
    ///
    /// - Parameter sender: who sends it.
    func story(from sender: Sender) -> String {
        let what = [run.isEmpty ? "" : "run \(run)", path].filter { !$0.isEmpty }.joined(separator: " of ")
        let place = "\(what.isEmpty ? "sent" : what), on \(sender.host) as \(sender.user)"
        let late =
            ways.isEmpty
            ? [] : ["This message is of \(ZoneRules.people.date(at: at)). It could not be delivered then.", ""]
        return (late + (text.isEmpty ? [] : [text, ""]) + [place]).joined(separator: "\n")
    }

    /// The names of what may stand in a command: `{title}` and the like.
    static let names = ["title", "body", "event", "run", "script", "path", "status", "exit_code", "host", "user"]

    /// What they stand for.
    func values(from sender: Sender) -> [(name: String, value: String)] {
        [
            ("title", title), ("body", story(from: sender)), ("event", event), ("run", run), ("script", script),
            ("path", path), ("status", status), ("exit_code", exitCode.map { String($0) } ?? ""),
            ("host", sender.host), ("user", sender.user),
        ]
    }
}

extension Announcement {
    /// As it is kept in the journal.
    package var json: JSON {
        .record([
            "occasions": .array(occasions.map(\.rawValue).sorted().map { .string($0) }), "title": .string(title),
            "text": .string(text), "run": .string(run), "script": .string(script), "path": .string(path),
            "status": .string(status), "exit_code": exitCode.map { .integer(Int64($0)) },
            "at": .integer(at.milliseconds), "ways": Self.json(ways), "workflows": Self.json(workflows),
            "targets": Self.json(targets),
        ])
    }

    /// One that was kept; `nil` for what is none.
    package init?(json: JSON) {
        func text(_ name: String) -> String? { json[name]?.text }
        guard let occasions = json["occasions"]?.elements, let title = text("title"), let story = text("text"),
            let run = text("run"), let script = text("script"), let path = text("path"), let status = text("status"),
            case .integer(let at)? = json["at"], let ways = json["ways"]?.elements
        else { return nil }
        self.init(
            Set(occasions.compactMap { $0.text.flatMap(Occasion.init) }), title: title, text: story, run: run,
            script: script, path: path, status: status, at: Timestamp(milliseconds: at))
        if case .integer(let code)? = json["exit_code"] { exitCode = Int32(truncatingIfNeeded: code) }
        self.ways = Set(ways.compactMap(\.text))
        workflows = Set(json["workflows"]?.elements?.compactMap(\.text) ?? [])
        targets = Set(json["targets"]?.elements?.compactMap(\.text) ?? [])
    }

    private static func json(_ texts: Set<String>) -> JSON { .array(texts.sorted().map { .string($0) }) }
}
