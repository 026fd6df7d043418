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
    /// What was sent for each step, by its key.
    private(set) var starts: [String: [WorkflowStart]] = [:]
    /// How it ended, as it was told; `nil` for a run that is not over.
    private(set) var end: RunEnd?
    private(set) var count: Int
    private let machine: RunMachine
    private let zone: String?
    /// True if its script was typed line by line: it is not run again.
    let isSession: Bool

    init(_ row: RunRow, _ log: [Record]) throws {
        self.row = row
        last = row.began
        count = 0
        guard case .began(let beginning)? = log.first?.body else {
            throw Refusal("Run \(row.id) has done nothing yet.")
        }
        machine = try RunMachine(RunConfiguration(beginning), at: log[0].at)
        zone = beginning.zone
        isSession = beginning.isSession
        do {
            try TimeZoneSetting.during(zone) {
                try machine.replay(log) { [unowned self] event, time in take(event, at: time) }
            }
        } catch let error as ReplayError {
            throw Refusal(
                "The log of run \(row.id) cannot be followed: \(error.message).",
                "It may have been written by another version of Baton.")
        }
        if row.fate == .ended { machine.recallEnd() }
        note(log)
    }

    /// Takes what another process has added since.
    func follow(_ log: [Record]) throws {
        do {
            try TimeZoneSetting.during(zone) { try machine.follow(log) }
        } catch let error as ReplayError {
            throw Refusal("The log of run \(row.id) cannot be followed: \(error.message)")
        }
        note(log)
    }

    private func note(_ log: [Record]) {
        count += log.count
        if let at = log.last?.at { last = at }
        var words: [(at: Timestamp, text: String)] = []
        for record in log {
            switch record.body {
            case .intent(let intent):
                if case .start(let start) = intent.request { starts[record.key, default: []].append(start) }
            case .resolved(let resolution, let by):
                words.append((record.at, "\(by) resolved \(title(of: record.key)): \(resolution.word)"))
            case .retried(let retrial): words.append((record.at, word(retrial)))
            default: break
            }
        }
        // What a person said stands in front of what came of it.
        messages = (words + messages).sorted { $0.at < $1.at }
    }

    private func word(_ retrial: Retrial) -> String {
        let parts =
            retrial.again.map { "\(title(of: $0)) again" }
            + retrial.done.map { "\(title(of: $0)) done" }
            + retrial.adopted.sorted { $0.key < $1.key }.map { "job \($1.id) for \(title(of: $0))" }
        let what = parts.isEmpty ? "" : ": " + parts.joined(separator: ", ")
        return "\(retrial.by) " + (retrial.isRevision ? "went on with another script" : "retried the run") + what
    }

    private func title(of key: String) -> String {
        tree.rows.values.first { $0.step.key == key }?.step.title ?? key
    }

    private func take(_ event: RunEvent, at time: Timestamp) {
        tree.apply(event, at: time)
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
