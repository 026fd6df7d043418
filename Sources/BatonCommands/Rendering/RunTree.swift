import DataStudio
import Orchestration

/// The phases and steps of a run as they stand, made from its events.
struct RunTree {
    /// How a step stands.
    enum State: Equatable {
        case starting, queued, running, completed
        case failed(ErrorKind)
        case notStarted, leftRunning, ambiguous

        var isOver: Bool {
            switch self {
            case .starting, .queued, .running: false
            case .completed, .failed, .notStarted, .leftRunning, .ambiguous: true
            }
        }

        /// True for what somebody has to look at.
        var isBad: Bool {
            switch self {
            case .failed, .leftRunning, .ambiguous: true
            case .starting, .queued, .running, .completed, .notStarted: false
            }
        }

        /// The word people read.
        var word: String {
            switch self {
            case .starting: "starting"
            case .queued: "queued"
            case .running: "running"
            case .completed: "completed"
            case .failed(.failed): "FAILED"
            case .failed(.cancelled): "CANCELLED"
            case .failed(.check): "check failed"
            case .failed(.timeout): "timed out"
            case .failed(.rejected): "refused"
            case .failed(let kind): kind.rawValue
            case .notStarted: "not started"
            case .leftRunning: "left running"
            case .ambiguous: "in doubt"
            }
        }
    }

    struct Row {
        let step: StepDescription
        var state = State.starting
        let began: Timestamp
        /// When the server took its start.
        var started: Timestamp?
        var ended: Timestamp?
        var duration: Duration?
        var jobID: JobID?
        var note: String?
        /// How long it usually takes.
        var usual: Duration?
    }

    /// A heading with its steps. Without a title the steps stand by themselves.
    struct Section {
        let id: String
        let title: String?
        var rows: [NodeID] = []
    }

    /// The tree once nobody goes on with the run: steps whose start was not sent, other than those with these keys, are not
    /// started.
    func left(_ sent: Set<String>) -> RunTree {
        var tree = self
        for (id, row) in rows where row.state == .starting && !sent.contains(row.step.key) {
            tree.rows[id]?.state = .notStarted
        }
        return tree
    }

    /// The tree of what was only rehearsed: the ids of its jobs mean nothing.
    var withoutJobs: RunTree {
        var tree = self
        for id in rows.keys { tree.rows[id]?.jobID = nil }
        return tree
    }

    /// Says something of a step.
    mutating func note(_ text: String, of step: NodeID) {
        rows[step]?.note = text
    }

    /// The tree with these steps only.
    func only(_ isIncluded: (Row) -> Bool) -> RunTree {
        var tree = self
        tree.rows = rows.filter { isIncluded($0.value) }
        tree.sections = sections.compactMap { section in
            var section = section
            section.rows = section.rows.filter { tree.rows[$0] != nil }
            return section.rows.isEmpty ? nil : section
        }
        return tree
    }

    /// How long a step of that name usually takes.
    var usual: @Sendable (_ title: String) -> Duration? = { _ in nil }
    private(set) var script = ""
    private(set) var run = ""
    private(set) var began: Timestamp?
    private(set) var sections: [Section] = []
    private(set) var rows: [NodeID: Row] = [:]

    /// Takes one event into account.
    mutating func apply(_ event: RunEvent, at now: Timestamp) {
        switch event {
        case .began(let script, let run):
            self.script = script
            self.run = run
            began = now
        case .step(let event): apply(event, at: now)
        case .phase, .line, .lineEnded, .taskEnded, .print, .log, .warning, .suspicion, .ended: break
        }
    }

    private mutating func apply(_ event: StepEvent, at now: Timestamp) {
        let id = event.step.id
        switch event.change {
        case .starting:
            rows[id] = Row(step: event.step, began: now, usual: usual(event.step.title))
            addToSection(event.step)
        case .waiting(let reason): rows[id]?.note = reason
        case .accepted(let job):
            rows[id]?.jobID = job
            rows[id]?.started = now
            rows[id]?.state = .running
            rows[id]?.note = nil
        case .state(let state, _): rows[id]?.state = state == .queued ? .queued : .running
        case .late(let maximum): rows[id]?.note = "late: max \(maximum.short)"
        case .retrying(let text, _, let count):
            rows[id]?.state = .starting
            rows[id]?.jobID = nil
            rows[id]?.started = nil
            rows[id]?.note = "retry \(count) after: \(text)"
        case .warning(let text): rows[id]?.note = text
        case .ended(let end): finish(id, end, at: now)
        }
    }

    private mutating func finish(_ id: NodeID, _ end: StepEnd, at now: Timestamp) {
        rows[id]?.ended = now
        switch end {
        case .succeeded(let result):
            rows[id]?.state = .completed
            rows[id]?.note = result.isByHand ? "done by hand" : nil
            // What a person did took as long as nobody knows, and was no job of the step.
            rows[id]?.duration = result.isByHand ? nil : result.duration
            if result.isByHand { rows[id]?.jobID = nil }
        case .failed(let kind, _, let duration):
            rows[id]?.state = .failed(kind)
            let began = rows[id]?.began ?? now
            rows[id]?.duration = duration ?? now - began
        case .notStarted: rows[id]?.state = .notStarted
        case .leftRunning:
            rows[id]?.state = .leftRunning
            let started = rows[id]?.started ?? now
            rows[id]?.duration = now - started
        case .doubtful:
            rows[id]?.state = .ambiguous
            // Why, in full, stands below the tree.
            rows[id]?.note = nil
        }
    }

    /// Steps stand under their phase, else under the outermost call that began them together.
    private mutating func addToSection(_ step: StepDescription) {
        // What a line of a session began stands by itself.
        let key = step.key.hasPrefix("line#") ? step.key.drop { $0 != "/" }.dropFirst() : step.key[...]
        let first = key.prefix { $0 != "/" && $0 != "[" }
        let isAlone = first.count == key.count
        let id: String
        let title: String?
        if let phase = step.phase {
            (id, title) = ("phase " + phase, phase)
        } else if isAlone {
            (id, title) = (step.key, nil)
        } else {
            (id, title) = (String(first), String(first.prefix { $0 != "#" }))
        }
        if let index = sections.lastIndex(where: { $0.id == id }) {
            sections[index].rows.append(step.id)
        } else {
            sections.append(Section(id: id, title: title, rows: [step.id]))
        }
    }
}
