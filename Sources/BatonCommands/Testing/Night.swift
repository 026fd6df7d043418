import DataStudio
import Orchestration
import Rehearsal

/// What came of a night, as a case gets it from `test.run`. Times are seconds since its beginning.
struct Night: Encodable {
    struct Start: Encodable {
        let label: String
        let jobID: String
        let params: [String: String]
        let at: Double
        let ended: Double?
        let state: String

        private enum CodingKeys: String, CodingKey {
            case label, params, at, ended, state
            case jobID = "job_id"
        }
    }

    struct Step: Encodable {
        let name: String
        let label: String
        let phase: String?
        let state: String
        let duration: Double?
    }

    struct Problem: Encodable {
        let kind: String
        let message: String
        let label: String?
        let jobID: String?
        let location: String?
        let causes: [Problem]

        private enum CodingKeys: String, CodingKey {
            case kind, message, label, causes
            case jobID = "job_id"
            case location = "where"
        }

        init(_ error: ScriptError) {
            kind = error.kind.rawValue
            message = error.message
            label = error.label
            jobID = error.jobID
            location = error.location
            causes = error.causes.map(Problem.init)
        }
    }

    struct Told: Encodable {
        let title: String?
        let text: String
        let level: String
        let to: [String]?
    }

    struct Request: Encodable {
        let method: String
        let url: String
        let headers: [String: String]
        let body: String?
    }

    var exitCode: Int
    var status: String
    var duration: Double
    var text: String?
    var error: Problem?
    /// Why nothing was started, if the script was refused.
    var refused: [String]?
    var started: [Start] = []
    var steps: [Step] = []
    var output: [String] = []
    var warnings: [String] = []
    var notices: [Told] = []
    var requests: [Request] = []
    /// What else was done to the server, as `cancelJob`.
    var changes: [String] = []
    var notStarted: [String] = []
    /// Names of steps whose jobs were left running.
    var running: [String] = []
    var deaths = 0

    private enum CodingKeys: String, CodingKey {
        case status, duration, text, error, refused, started, steps, output, warnings, notices, requests, changes,
            running
        case deaths
        case exitCode = "exit_code"
        case notStarted = "not_started"
    }

    /// A script that a run would refuse.
    init(_ refusal: Refusal) {
        exitCode = Int(refusal.code)
        status = "refused"
        duration = 0
        refused = refusal.lines
    }

    /// What a rehearsal came to.
    init(_ run: RehearsedRun, _ tree: RunTree) {
        exitCode = run.end.map { Int($0.exitCode) } ?? -1
        status = run.end?.status.rawValue ?? "endless"
        duration = run.duration.seconds
        text = run.end?.text
        error = run.end?.error.map(Problem.init)
        warnings = run.events.compactMap { event in
            switch event.event {
            case .warning(let text), .log(.warn, let text): text
            case .step(let step):
                if case .warning(let text) = step.change { "\(step.step.title): \(text)" } else { nil }
            default: nil
            }
        }
        notStarted = run.end?.notStarted ?? []
        running = run.end?.running.map(\.title) ?? []
        deaths = run.deaths
        started = run.starts.map { start in
            Start(
                label: start.job.label ?? "", jobID: start.job.id.text,
                params: Dictionary(start.parameters.map { ($0.name, $0.value) }) { $1 },
                at: (start.job.created.map { $0 - run.began } ?? .zero).seconds,
                ended: start.job.finished.map { ($0 - run.began).seconds }, state: start.job.state.rawValue)
        }
        steps = tree.rows.values.sorted { $0.step.id < $1.step.id }.map { row in
            Step(
                name: row.step.title, label: row.step.label, phase: row.step.phase, state: row.word,
                duration: row.duration?.seconds)
        }
        output = run.events.compactMap { if case .print(let text) = $0.event { text } else { nil } }
        notices = run.notices.map {
            Told(title: $0.title, text: $0.text, level: $0.level.rawValue, to: $0.targets.isEmpty ? nil : $0.targets)
        }
        requests = run.requests.map { Request(method: $0.method, url: $0.url, headers: $0.headers, body: $0.body) }
        changes = run.changes.map { "\($0.operation.rawValue)\($0.label.map { " \($0)" } ?? "")" }
    }
}
