import BatonHost
import DataStudio
import JSON
import Orchestration

/// What `baton show` says of a run.
struct RunReport {
    let past: RunPast
    /// How the run stands, in a word.
    let state: String
    /// Attempts whose jobs may still run, or of which nobody knows.
    let open: [AttemptRow]
    /// The runs that have to be decided about first.
    let deciders: [String]
    /// Workflows that it may have started twice.
    var suspicions: [String] = []
    /// What the starts of a live run wait for, by the keys of their steps.
    var waits: [String: String] = [:]
    /// The locks that it holds or waits for, in words.
    var locks: [String] = []
    /// The numbers of the run's parts whose logs are kept.
    var parts: [Int] = []

    private var row: RunRow { past.row }

    /// Of a run that nobody holds, what has not been sent is not starting.
    var tree: RunTree {
        guard state != "running" else { return past.tree.waiting(waits) }
        return past.tree.left(Set(open.map(\.key)))
    }

    /// For people.
    ///
    /// - Parameter step: only this one.
    func lines(_ step: String?, _ terminal: Terminal) throws -> [String] {
        if let step { return try lines(of: step).flatMap { $0.wrapped(to: terminal.columns, hanging: 10) } }
        let end = end
        var lines = heading(until: end).flatMap { $0.wrapped(to: terminal.columns, hanging: 2) }
        lines.append("")
        lines += tree.lines(at: end, terminal: terminal, numbered: true)
        lines += section(
            past.isRevised ? "Said (prints are those of the script as it is now):" : "Said:",
            past.messages.suffix(50).map { "\($0.at.localTime)  \($0.text)" }, terminal)
        lines += section(
            "Still running on the server, as far as is known:",
            running, terminal)
        lines += section("Locks:", locks, terminal)
        lines += section(
            "Sent, and nobody knows yet what came of it: \(past.isSession ? "baton repl" : "baton resume") looks for it.",
            open.filter { $0.state == .open }.map(\.intent.title), terminal)
        lines += section(
            "In doubt:",
            past.doubts.map { doubt in
                "\(doubt.step.number)  \(doubt.step.title): \(doubt.step.doubt ?? "")" + doubt.jobs
            }, terminal)
        lines += section("Possible duplicate starts:", suspicions, terminal)
        return lines + Advice.lines(advice, width: terminal.columns)
    }

    /// Up to when the report tells.
    private var end: Timestamp {
        if past.isEarlierPart { return past.last }
        let life = past.lives.last
        return state == "running" ? Timestamp.now : max(past.last, life?.ended ?? life?.began ?? past.last)
    }

    private func heading(until end: Timestamp) -> [String] {
        let key = row.key.map { ", key \($0)" } ?? ""
        let place = "\(row.script) on \(row.server)"
        if past.isEarlierPart {
            return [
                "run \(row.id), part \(past.part): handed over to part \(past.part + 1)",
                "\(place), the part began \(past.partBegan.localDate), took \((end - past.partBegan).short)\(key)",
            ]
        }
        let isLeft = row.fate == .open && state != "running"
        let time = "\(isLeft ? "last heard of after" : "took") \((end - row.began).short)"
        let part = past.part > 1 ? ", part \(past.part)" : ""
        return [
            "run \(row.id): \(state)\(row.note.map { ", \($0)" } ?? "")",
            "\(place), began \(row.began.localDate), \(time)\(key)\(part)",
            parts.count > 1 ? "Earlier parts from \(parts[0]) on: baton show \(row.id) --part \(past.part - 1)" : nil,
        ].compactMap { $0 }
    }

    private func section(_ title: String, _ entries: [String], _ terminal: Terminal) -> [String] {
        entries.isEmpty
            ? [] : ["", title] + entries.flatMap { ("  " + $0.visible).wrapped(to: terminal.columns, hanging: 4) }
    }

    /// Jobs that may still run.
    var running: [String] {
        open.filter { [.accepted, .left].contains($0.state) }.map { "\($0.intent.title) (job \($0.job?.text ?? "?"))" }
    }

    /// What to do, as it was said at the run's end if it has one.
    var advice: [Advice] {
        if past.isEarlierPart { return [] }
        if var end = past.end, row.fate == .ended, !past.isSession {
            end.suspicions = suspicions
            return EndReport(end: end, tree: past.tree, at: past.last).advice
        }
        let isInDoubt = state == "held" && !past.doubts.isEmpty
        return [
            approvalAdvice, stateAdvice, isInDoubt ? EndReport.resumeAdvice(resume) : nil,
            suspicions.isEmpty ? nil : EndReport.suspicionAdvice,
        ].compactMap { $0 }
    }

    /// How what waits for a person is decided.
    private var approvalAdvice: Advice? {
        let open = past.approvals
        guard row.fate == .open, !open.isEmpty else { return nil }
        var advice = Advice(open.count == 1 ? "approve what it waits for, or reject it:" : "approve, or reject:")
        for step in open.prefix(3).map(\.step) {
            let approve = "baton approve \(row.id)" + (open.count == 1 ? "" : " \(step.number)")
            advice.commands += [approve, "\(approve) --reject"]
        }
        return advice
    }

    /// What carries on.
    private var resume: String { past.isSession ? "baton repl" : "baton resume \(row.id)" }

    private var stateAdvice: Advice? {
        let abandon = "baton abandon \(row.id)"
        return switch state {
        case "interrupted" where [.auth, .unreachable, .untrusted].contains(row.status): interruptionAdvice(abandon)
        case "interrupted": Advice("resume it, or abandon it:", resume, abandon)
        case "held" where !past.doubts.isEmpty: doubtAdvice
        case "held" where !deciders.isEmpty: deciderAdvice(abandon)
        case "held" where row.isHeldByDeaths:
            Advice(
                "its process died three times without making progress. Find out why; then resume it, or abandon it:",
                resume, abandon)
        case "held": Advice("resume it, or abandon it:", resume, abandon)
        case "running":
            Advice(
                "follow it, leave it where it is, or cancel it:", "baton watch \(row.id)", "baton stop \(row.id)",
                "baton cancel \(row.id)")
        default: nil
        }
    }

    /// What was to do when it was interrupted is still to do.
    private func interruptionAdvice(_ abandon: String) -> Advice? {
        let end = RunEnd(status: row.status ?? .detached)
        var advice = EndReport(end: end, tree: past.tree, at: past.last).advice.first
        advice?.commands.append(abandon)
        return advice
    }

    private var doubtAdvice: Advice {
        var advice = Advice(
            "find out what became of each step in doubt, and run ONE of these commands for it. --adopt: this is its job. "
                + "\(EndReport.choices):")
        for doubt in past.doubts.prefix(3) {
            let resolve = "baton resolve \(row.id) \(doubt.step.number)"
            let jobs = doubt.candidates.prefix(3).map(\.text)
            advice.commands += (jobs.isEmpty ? ["JOB"] : jobs).map { "\(resolve) --adopt \($0)" }
            advice.commands += ["--restart", "--done", "--fail"].map { "\(resolve) \($0)" }
        }
        return advice
    }

    private func deciderAdvice(_ abandon: String) -> Advice {
        var advice = Advice("decide about the other run first. Then resume this one, or abandon it:")
        advice.commands = deciders.map { "baton show \($0)" } + ["baton resume \(row.id)", abandon]
        return advice
    }

    private func lines(of name: String) throws -> [String] {
        let found = tree.rows.values.filter { row in
            [String(row.step.number), row.step.label, row.step.title].contains(name)
        }
        guard let row = found.first else { throw Refusal("Run \(self.row.id) has no step \(name).") }
        guard found.count == 1 else {
            let numbers = found.map(\.step.number).sorted().map(String.init).joined(separator: ", ")
            throw Refusal("Run \(self.row.id) has more than one step \(name): give one of the numbers \(numbers).")
        }
        let begun = "begun     \(row.began.localDate)\(row.step.location.map { " at \($0)" } ?? "")"
        var lines = ["\(row.step.title): \(row.word)"]
        if let error = row.error { lines.append("error     \(error)") }
        lines.append("workflow  \(row.step.label)")
        lines += ["job       \(row.jobID?.text ?? "none")"] + attempts(of: row.step.key) + [begun]
        if let duration = row.duration { lines.append("took      \(duration.short)") }
        if let note = row.note { lines.append("note      \(note)") }
        return lines + ["key       \(row.step.key)"]
    }

    /// The attempts of a step, if there was more than one.
    private func attempts(of key: String) -> [String] {
        let attempts = past.attempts[key] ?? []
        return attempts.count < 2
            ? [] : attempts.map { "attempt   \($0.number), \($0.at.localDate): \($0.words)" }
    }

    /// For programs.
    var json: JSON {
        .record([
            "run": .string(row.id), "state": .string(state), "script": .string(row.script),
            "server": .string(row.server), "began": .string(row.began.iso8601),
            "last": .string(past.last.iso8601), "key": row.key.map { .string($0) },
            "note": past.isEarlierPart ? nil : row.note.map { .string($0) },
            "part": past.part > 1 || parts.count > 1 ? .integer(Int64(past.part)) : nil,
            "parts": parts.count > 1 ? .array(parts.map { .integer(Int64($0)) }) : nil,
            "steps": .array(
                tree.rows.values.sorted { $0.step.id < $1.step.id }.map { row in
                    .record([
                        "step": .integer(Int64(row.step.number)), "key": .string(row.step.key),
                        "label": .string(row.step.label), "name": .string(row.step.title),
                        "phase": row.step.phase.map { .string($0) }, "state": .string(row.word),
                        "began": .string(row.began.iso8601), "started": row.started.map { .string($0.iso8601) },
                        "ended": row.ended.map { .string($0.iso8601) },
                        "duration": row.duration.map { .number($0.seconds) },
                        "job_id": row.jobID.map { .string($0.text) }, "error": row.error.map { .string($0) },
                        "waiting": row.state == .starting ? waits[row.step.key].map { .string($0) } : nil,
                        "attempts": .array((past.attempts[row.step.key] ?? []).map(\.json)),
                    ])
                }),
            "lives": .array(past.lives.map(\.json)),
            "messages": .array(
                past.messages.map { .record(["at": .string($0.at.iso8601), "text": .string($0.text)]) }),
            "running": .array(
                open.filter { [.accepted, .left].contains($0.state) }.map {
                    .record(["name": .string($0.intent.title), "job_id": $0.job.map { .string($0.text) }])
                }),
            "locks": locks.isEmpty ? nil : .array(locks.map { .string($0) }),
            "waits_for": deciders.isEmpty ? nil : .array(deciders.map { .string($0) }),
            "ambiguous": .array(
                past.doubts.map { doubt in
                    .record([
                        "step": .integer(Int64(doubt.step.number)), "name": .string(doubt.step.title),
                        "reason": doubt.step.doubt.map { .string($0) },
                        "candidates": .array(doubt.candidates.map { .string($0.text) }),
                    ])
                }),
            "suspicions": .array(suspicions.map { .string($0) }),
        ])
    }
}

extension RunLife {
    fileprivate var json: JSON {
        .record([
            "began": .string(began.iso8601), "ended": ended.map { .string($0.iso8601) },
            "status": status.map { .string($0.rawValue) },
        ])
    }
}
