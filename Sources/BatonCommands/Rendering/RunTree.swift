import DataStudio
import Orchestration

/// The phases and steps of a run as they stand, made from its events.
struct RunTree {
    /// How a step stands.
    enum State: Equatable {
        case starting, queued, running, completed
        /// A person decides.
        case waiting
        case failed(ErrorKind)
        case notStarted, leftRunning, ambiguous

        var isOver: Bool {
            switch self {
            case .starting, .queued, .waiting, .running: false
            case .completed, .failed, .notStarted, .leftRunning, .ambiguous: true
            }
        }

        /// True for what somebody has to look at.
        var isBad: Bool {
            switch self {
            case .failed, .leftRunning, .ambiguous: true
            case .starting, .queued, .waiting, .running, .completed, .notStarted: false
            }
        }

        /// The word people read, of a workflow.
        fileprivate var word: String {
            switch self {
            case .starting: "starting"
            case .queued: "queued"
            case .waiting: "waiting"
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
        /// Why it failed.
        var error: String?
        /// How long it usually takes.
        var usual: Duration?

        /// True if more may happen to it: also where a person decides what became of it.
        var mayChange: Bool { !state.isOver || state == .ambiguous }

        /// The word people read for its state.
        var word: String {
            switch (step.kind, state) {
            case (.approval, .failed(.rejected)): "rejected"
            case (.approval, .notStarted): "not decided"
            case (.lock, .notStarted): "not taken"
            default: state.word
            }
        }
    }

    /// Ended steps that are not kept one by one.
    struct Earlier: Equatable {
        var count = 0
        var completed = 0

        mutating func add(_ row: Row) {
            count += 1
            if row.state == .completed { completed += 1 }
        }

        mutating func add(_ other: Earlier) {
            count += other.count
            completed += other.completed
        }
    }

    /// A heading with its steps. Without a title the steps stand by themselves.
    struct Section {
        let id: String
        let title: String?
        var rows: [NodeID] = []
        /// Steps of it that are not among the rows any more.
        var earlier = Earlier()
    }

    /// How many ended steps the tree of a live run keeps, besides as many sections: reports show 200 lines.
    static let usualKept = 200
    /// How many of the first steps that somebody has to look at are kept, however many follow.
    private static let keptBad = 50

    /// - Parameter kept: how many of the steps that ended last are kept at least. Open steps and the first that somebody has
    ///   to look at are kept as well; all others are counted. So there are at most about twice as many rows as steps that are
    ///   to be kept.
    init(kept: Int = .max) {
        self.kept = kept
        mostRows = kept
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
        tree.removeMissingRows()
        tree.sections.removeAll { $0.rows.isEmpty && $0.earlier.count == 0 }
        tree.indexSections()
        return tree
    }

    /// Lets go of all steps that have ended, and of their number.
    mutating func forgetEnded() {
        rows = rows.filter { $0.value.mayChange }
        removeMissingRows()
        sections.removeAll { $0.rows.isEmpty }
        for index in sections.indices { sections[index].earlier = Earlier() }
        indexSections()
        earlier = Earlier()
        stepCount = rows.count
        mostRows = kept
    }

    /// How long a step of that name usually takes.
    var usual: @Sendable (_ title: String) -> Duration? = { _ in nil }
    private(set) var script = ""
    private(set) var run = ""
    private(set) var began: Timestamp?
    private(set) var sections: [Section] = []
    private(set) var rows: [NodeID: Row] = [:]
    /// Steps of sections that are not kept.
    private(set) var earlier = Earlier()
    /// How many steps there are, kept or not.
    private(set) var stepCount = 0
    private let kept: Int
    /// With more rows than that, ended steps are let go of.
    private var mostRows: Int
    /// Where the sections with a title are, by their ids.
    private var indexes: [String: Int] = [:]

    /// Takes one event into account.
    mutating func apply(_ event: RunEvent, at now: Timestamp) {
        switch event {
        case .began(let script, let run, let part):
            self.script = script
            self.run = run
            if part == 1 || began == nil { began = now }
        case .step(let event): apply(event, at: now)
        case .phase, .line, .lineEnded, .taskEnded, .print, .log, .warning, .suspicion, .ended: break
        }
    }

    /// The tree of a live run, with what its starts wait for.
    ///
    /// - Parameter waits: by the keys of the steps.
    func waiting(_ waits: [String: String]) -> RunTree {
        guard !waits.isEmpty else { return self }
        var tree = self
        for (id, row) in rows where row.state == .starting {
            if let reason = waits[row.step.key] { tree.rows[id]?.note = reason }
        }
        return tree
    }

    private mutating func apply(_ event: StepEvent, at now: Timestamp) {
        let id = event.step.id
        switch event.change {
        case .starting:
            let isNew =
                rows.updateValue(
                    Row(step: event.step, began: now, usual: usual(event.step.title)), forKey: id) == nil
            if event.step.kind == .approval {
                rows[id]?.state = .waiting
                rows[id]?.note = "for approval"
            }
            guard isNew else { return }
            stepCount += 1
            addToSection(event.step)
        case .waiting(let reason): rows[id]?.note = reason
        case .accepted(let job, let since):
            rows[id]?.jobID = job
            rows[id]?.started = since
            rows[id]?.state = .running
            rows[id]?.note = nil
        case .state(let state, _): rows[id]?.state = state == .queued ? .queued : .running
        case .late(let lateness): rows[id]?.note = "late: \(lateness.option) \(lateness.limit.short)"
        case .retrying(let text, _, let count):
            rows[id]?.state = .starting
            rows[id]?.jobID = nil
            rows[id]?.started = nil
            rows[id]?.note = "retry \(count) after: \(text)"
        case .warning(let text): rows[id]?.note = text
        case .ended(let end):
            finish(id, end, at: now)
            if rows.count > mostRows { letGo() }
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
        case .failed(let kind, let message, let duration):
            rows[id]?.state = .failed(kind)
            rows[id]?.error = message
            if rows[id]?.step.kind == .approval { rows[id]?.note = nil }
            let began = rows[id]?.began ?? now
            rows[id]?.duration = duration ?? now - began
        case .approved(let decision): finishWait(id, decision.words, at: now)
        case .locked: finishWait(id, nil, at: now)
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

    /// What a step that starts nothing has waited for has come.
    private mutating func finishWait(_ id: NodeID, _ note: String?, at now: Timestamp) {
        rows[id]?.state = .completed
        rows[id]?.note = note
        let began = rows[id]?.began ?? now
        rows[id]?.duration = now - began
    }

    /// Steps stand under their phase, else under the outermost call that began them together.
    private mutating func addToSection(_ step: StepDescription) {
        // What a line of a session began stands by itself, and so does what a part of a run began.
        let isInside = step.key.hasPrefix("line#") || step.key.hasPrefix("@")
        let key = isInside ? step.key.drop { $0 != "/" }.dropFirst() : step.key[...]
        let first = key.prefix { $0 != "/" && $0 != "[" }
        let isAlone = first.count == key.count
        let id: String
        let title: String?
        if let phase = step.phase {
            (id, title) = ("phase " + phase, phase)
        } else if isAlone {
            (id, title) = (step.key, nil)
        } else {
            let function = String(first.prefix { $0 != "#" })
            let block = ["lock", "pool"].contains(function) ? step.block : nil
            (id, title) = (step.key[..<first.endIndex].description, block ?? function)
        }
        if title != nil, let index = indexes[id] { return sections[index].rows.append(step.id) }
        // The key of a step that stands by itself is its own: it is not looked for.
        if title != nil { indexes[id] = sections.count }
        sections.append(Section(id: id, title: title, rows: [step.id]))
    }

    // MARK: What is kept

    /// Lets go of ended steps: so many at a time that the work for each does not grow with the run.
    private mutating func letGo() {
        let ended = rows.values.filter { !$0.mayChange }
            .sorted { ($0.ended ?? $0.began, $0.step.id) < ($1.ended ?? $1.began, $1.step.id) }
        var gone = Set(ended.dropLast(kept).map(\.step.id))
        for row in ended.lazy.filter(\.state.isBad).prefix(Self.keptBad) { gone.remove(row.step.id) }
        for index in sections.indices {
            for id in sections[index].rows where gone.contains(id) {
                if let row = rows[id] { sections[index].earlier.add(row) }
            }
        }
        rows = rows.filter { !gone.contains($0.key) }
        removeMissingRows()
        removeEmptySections()
        mostRows = rows.count + max(kept, rows.count)
    }

    private mutating func removeMissingRows() {
        let rows = rows
        for index in sections.indices { sections[index].rows.removeAll { rows[$0] == nil } }
    }

    /// Removes sections without a row: those that are a single step, and of the others the first ones if there are many.
    private mutating func removeEmptySections() {
        var surplus = sections.count { $0.title != nil } - kept
        var left: [Section] = []
        for section in sections {
            if section.rows.isEmpty, section.title == nil || surplus > 0 {
                earlier.add(section.earlier)
                if section.title != nil { surplus -= 1 }
            } else {
                left.append(section)
            }
        }
        sections = left
        indexSections()
    }

    private mutating func indexSections() {
        indexes = [:]
        for (index, section) in sections.enumerated() where section.title != nil { indexes[section.id] = index }
    }
}
