import DataStudio
import LuaVM
import Orchestration

/// What a run did, found by going through its log: nothing of it is kept twice.
final class RunPast {
    let row: RunRow
    private(set) var tree = RunTree()
    /// What people were told, and when.
    private(set) var messages: [(at: Timestamp, text: String)] = []
    private(set) var last: Timestamp
    /// What became of each attempt to start a step, by its key: those before the last one count no more.
    private(set) var attempts: [String: [PastAttempt]] = [:]
    /// The processes that held it.
    let lives: [RunLife]
    /// What was sent for each step, by its key.
    private(set) var starts: [String: [WorkflowStart]] = [:]
    /// How it ended, as it was told; `nil` for a run that is not over.
    private(set) var end: RunEnd?
    /// True if the script was replaced: what it prints before that is what the new text prints.
    private(set) var isRevised = false
    /// The number of the last record that it has gone through.
    private(set) var lastRecord = 0
    private var machine: RunMachine
    /// The number of the part of the run that it shows.
    var part: Int { machine.part.number }
    /// When that part began.
    let partBegan: Timestamp
    /// True if the part has handed over to the next one.
    let isEarlierPart: Bool
    private let isFollowed: Bool
    /// True if its script was typed line by line: it is not run again.
    let isSession: Bool

    /// - Parameters:
    ///   - lives: the processes that held it.
    ///   - isFollowed: true to show how it goes on: only what its tree shows is kept, however long it goes on.
    init(_ row: RunRow, _ log: [Record], lives: [RunLife] = [], isFollowed: Bool = false) throws {
        self.row = row
        isEarlierPart = if case .restarted? = log.last?.body { true } else { false }
        self.isFollowed = isFollowed
        if isFollowed { tree = RunTree(kept: RunTree.usualKept) }
        last = row.began
        guard case .began(let beginning)? = log.first?.body else {
            throw Refusal("Run \(row.id) has done nothing yet\(row.note.map { ": \($0)" } ?? "").")
        }
        machine = try RunMachine(RunConfiguration(inItsZone: beginning), at: log[0].at)
        partBegan = log[0].at
        // The processes that held the run belong to the part that is current.
        self.lives = isEarlierPart ? [] : lives
        isSession = beginning.isSession
        do {
            try machine.replay(log) { [unowned self] event, time in take(event, at: time) }
        } catch {
            throw Refusal(
                "The log of run \(row.id) cannot be followed: \(error.message).",
                "It may have been written by another version of Baton.")
        }
        if row.fate == .ended, !isEarlierPart { machine.recallEnd() }
        note(log)
    }

    /// Takes what another process has added since.
    func follow(_ log: [Record]) throws {
        do {
            if case .began(let beginning)? = log.first?.body, beginning.part != machine.part {
                machine = try RunMachine(RunConfiguration(inItsZone: beginning), at: log[0].at)
                tree = RunTree(kept: RunTree.usualKept)
                try machine.replay(log) { [unowned self] event, time in take(event, at: time) }
            } else {
                try machine.follow(log)
            }
        } catch let error as ReplayError {
            throw Refusal("The log of run \(row.id) cannot be followed: \(error.message)")
        }
        note(log)
    }

    private func note(_ log: [Record]) {
        lastRecord = log.last?.sequence ?? lastRecord
        if let at = log.last?.at { last = at }
        guard !isFollowed else { return }
        var words: [(at: Timestamp, text: String)] = []
        let titles = titles(for: log)
        func title(of key: String) -> String { titles[key] ?? key }
        let void = RunMachine.voidSequences(of: log)
        for record in log {
            PastAttempt.note(record, in: &attempts[record.key, default: []])
            switch record.body {
            // What a retry has made unsaid.
            case .settled(.finished(let job)) where void.contains(record.sequence):
                let reason = job.state == .completed ? ", which does not count" : job.message.map { ": \($0)" } ?? ""
                words.append(
                    (record.at, "\(job.label ?? title(of: record.key)): job \(job.id) \(job.stateName)\(reason)"))
            case .intent(let intent):
                if case .start(let start) = intent.request { starts[record.key, default: []].append(start) }
            case .answered(.decision(let decision)):
                guard !void.contains(record.sequence) else { continue }
                let step = step(of: record.key)
                decisions.append(
                    (step?.key ?? record.key, step.map { String($0.number) } ?? "", step?.title ?? "", decision))
                // A rejection is the step's failure, which is listed as such.
                guard decision.isApproved else { continue }
                words.append((record.at, "\(step?.title ?? record.key): \(decision.words)"))
            case .resolved(let resolution, let by):
                words.append((record.at, "\(by) resolved \(title(of: record.key)): \(resolution.word)"))
            case .retried(let retrial):
                if retrial.isRevision, retrial.parameters.isEmpty { isRevised = true }
                words.append((record.at, word(retrial, title)))
            default: break
            }
        }
        for (former, life) in zip(lives, lives.dropFirst()) {
            if former.ended == nil { words.append((life.began, "resumed: the process before had died")) }
            if let reason = former.status.flatMap(Self.reason(of:)) { words.append((life.began, "resumed: \(reason)")) }
        }
        guard !words.isEmpty else { return }
        // What a person said stands in front of what came of it.
        messages = (words + messages).sorted { $0.at < $1.at }
    }

    /// Why a run was left that was resumed later; `nil` for one that had ended.
    private static func reason(of status: RunStatus) -> String? {
        switch status {
        case .auth: "the key had been refused"
        case .unreachable: "the server could not be reached before"
        case .detached: "it had been interrupted"
        case .ambiguous, .resolved, .stuck: "a start had been in doubt"
        case .nondeterministic: "its script did something else than before"
        case .untrusted: "its journal could not be written before"
        case .succeeded, .skipped, .failed, .check, .timeout, .cancelled: nil
        }
    }

    private func word(_ retrial: Retrial, _ title: (_ key: String) -> String) -> String {
        let parts =
            retrial.again.map { "\(title($0)) again" }
            + retrial.done.map { "\(title($0)) done" }
            + retrial.adopted.sorted { $0.key < $1.key }.map { "job \($1.id) for \(title($0))" }
        let what = parts.isEmpty ? "" : ": " + parts.joined(separator: ", ")
        let values = retrial.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let isOtherText = retrial.isRevision && values.isEmpty
        return "\(retrial.by) " + (isOtherText ? "went on with the script as it was then" : "retried the run")
            + (values.isEmpty ? "" : " with \(values.joined(separator: ", "))") + what
            + (retrial.ending.map { "; before it: \($0)" } ?? "")
    }

    /// The step that a decision is about.
    private func step(of key: String) -> StepDescription? {
        let own = key.firstRange(of: "/decision#").map { String(key[..<$0.lowerBound]) }
        return tree.rows.values.first { $0.step.key == own }?.step
    }

    /// The names of all steps by their keys, if a person has said something of steps there.
    private func titles(for log: [Record]) -> [String: String] {
        let isNamed = log.contains { record in
            switch record.body {
            case .resolved, .retried: true
            default: false
            }
        }
        guard isNamed else { return [:] }
        return Dictionary(tree.rows.values.map { ($0.step.key, $0.step.title) }) { first, _ in first }
    }

    private func take(_ event: RunEvent, at time: Timestamp) {
        tree.apply(event, at: time)
        if isFollowed { return }
        switch event {
        case .print(let text): messages.append((time, text))
        case .log(let level, let text): messages.append((time, "\(level.rawValue): \(text)"))
        case .warning(let text): messages.append((time, "warning: \(text)"))
        case .step(let event):
            switch event.change {
            case .late, .warning, .retrying, .ended(.failed), .ended(.leftRunning), .ended(.doubtful):
                messages.append((time, EventLine.text(event)))
            case .starting, .waiting, .accepted, .state, .ended: break
            }
        case .suspicion(let text): messages.append((time, EventLine.text(suspicion: text)))
        case .ended(let end): self.end = end
        case .line(let text): messages += text.split(separator: "\n").map { (time, "> \($0)") }
        case .began, .phase, .lineEnded, .taskEnded: break
        }
    }

    /// What waits for a person's decision.
    var approvals: [(step: StepDescription, key: String, approval: Approval)] { machine.approvals }

    /// What people have decided, in order.
    private(set) var decisions: [(key: String, number: String, title: String, decision: Decision)] = []

    /// The steps of which a person has to say what became of them.
    var doubts: [StepDoubt] { machine.doubts }

    /// The one step in doubt that a person means: by its number in `show`, its label or its name.
    func doubt(_ name: String) throws -> StepDoubt {
        let found = doubts.filter { doubt in
            [String(doubt.step.number), doubt.step.label, doubt.step.title, doubt.step.key].contains(name)
        }
        guard let doubt = found.first else {
            let names = doubts.map { "\($0.step.number) (\($0.step.title))" }.joined(separator: ", ")
            throw Refusal(
                doubts.isEmpty
                    ? "No step of run \(row.id) is in doubt\(row.isHeld ? row.note.map { ": \($0)" } ?? "" : "")."
                    : "No step \(name) of run \(row.id) is in doubt, but \(names).")
        }
        guard found.count == 1 else {
            throw Refusal(
                "\(name) may be \(found.map { String($0.step.number) }.joined(separator: " or ")): give its number.")
        }
        return doubt
    }
}
