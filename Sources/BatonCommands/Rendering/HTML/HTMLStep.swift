import DataStudio
import Orchestration

/// A step as the page shows it.
struct HTMLStep {
    let number: Int
    let name: String
    let label: String
    let state: String
    /// The class of the page's style: `good`, `bad`, `doubt`, `live` or `idle`.
    let standing: String
    /// When its job began; `nil` if it has none.
    let from: Timestamp?
    /// When it ended, or the end of the page's time.
    let to: Timestamp
    let took: String?
    let usual: Duration?
    let job: String?
    let attempts: Int
    let parameters: [(name: String, value: String)]
    let note: String?
    let location: String?
    let server: String?

    /// - Parameters:
    ///   - starts: the requests that were sent for it, in order.
    ///   - now: the end of the page's time.
    init(_ row: RunTree.Row, starts: [WorkflowStart], usual: Duration?, at now: Timestamp) {
        number = row.step.number
        name = row.step.title
        label = row.step.label
        state = row.word
        standing = row.state.standing
        from = row.started ?? (row.state == .notStarted ? nil : row.began)
        to = row.ended ?? now
        let isLive = row.state == .running || row.state == .queued
        took = row.duration?.short ?? (isLive ? "\((now - (row.started ?? row.began)).short) so far" : nil)
        self.usual = usual
        job = row.jobID?.text
        attempts = starts.count
        parameters = starts.last?.parameters.map { ($0.name, $0.value) } ?? []
        note = row.note
        location = row.step.location
        server = row.step.server
    }

    /// What a pointer that rests on the bar is told.
    var sentence: String {
        var text = "\(name): \(state)" + (took.map { " in \($0)" } ?? "")
        if let usual { text += ", usually \(usual.short)" }
        return text + (job.map { ", job \($0)" } ?? "")
    }

    /// What the template reads.
    var context: [String: Any] {
        var context: [String: Any] = [
            "number": number, "name": name, "state": state, "class": standing,
            "parameters": parameters.map { ["name": $0.name, "value": $0.value] },
            "hasParameters": !parameters.isEmpty,
        ]
        context["label"] = label == name ? nil : label
        context["began"] = from.map { String($0.localTime.dropFirst(11)) }
        context["took"] = took
        context["usual"] = usual?.short
        context["job"] = job
        context["attempts"] = attempts > 1 ? "\(attempts) attempts" : nil
        context["note"] = note
        context["location"] = location
        context["server"] = server
        return context
    }
}

extension RunTree.State {
    /// The class of the page's style.
    fileprivate var standing: String {
        switch self {
        case .completed: "good"
        case .failed: "bad"
        case .ambiguous, .leftRunning: "doubt"
        case .running, .waiting: "live"
        case .starting, .queued, .notStarted: "idle"
        }
    }
}
