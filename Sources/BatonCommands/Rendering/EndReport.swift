import DataStudio
import Orchestration

/// The last thing a run says: the finished tree, what happened, what still runs, and what to do next.
struct EndReport {
    let end: RunEnd
    let tree: RunTree
    let elapsed: Duration

    func lines(at now: Timestamp, terminal: Terminal) -> [String] {
        var lines: [String] = []
        if !tree.rows.isEmpty { lines += [""] + tree.lines(at: now, terminal: terminal, limit: 200) + [""] }
        lines.append(headline)
        if let text = end.text { lines.append(text) }
        if let error = end.error {
            lines += [""] + Self.failure(error).flatMap { $0.wrapped(to: terminal.columns, hanging: 2) }
        }
        lines += section(
            "Still running on the server:",
            end.running.map { "\($0.title) (job \($0.jobID?.text ?? "?"))" + place($0.location) }, terminal.columns)
        lines += section(
            "In doubt:",
            end.doubtful.map { doubt in
                let reason = doubt.step.doubt.map { ": \($0)" } ?? ""
                return doubt.step.title + place(doubt.step.location) + reason + doubt.jobs
            }, terminal.columns)
        lines += section("Possible duplicate starts:", end.suspicions, terminal.columns)
        lines += section("Not started:", end.notStarted, terminal.columns)
        lines += section("Warnings:", end.warnings, terminal.columns)
        if let advice { lines += [""] + ("What to do: " + advice).wrapped(to: terminal.columns, hanging: 2) }
        return lines
    }

    var headline: String {
        let steps = tree.rows.count == 1 ? "1 step" : "\(tree.rows.count) steps"
        let what =
            switch end.status {
            case .succeeded: "succeeded in"
            case .skipped: "was SKIPPED by the script, after"
            case .failed: "FAILED after"
            case .check: "FAILED its checks after"
            case .timeout: "ran OUT OF TIME after"
            case .auth: "was INTERRUPTED: the key was refused, after"
            case .unreachable: "was INTERRUPTED: the server could not be reached, after"
            case .ambiguous, .resolved, .stuck: "is HELD: a start is in doubt, after"
            case .detached: "was INTERRUPTED\(end.signal == nil ? "" : " by a signal") after"
            case .cancelled: "was CANCELLED after"
            case .nondeterministic: "is HELD: it cannot be gone on with as it was, after"
            case .untrusted: "was INTERRUPTED: its journal could not be written, after"
            }
        let twice = end.suspicions.isEmpty ? "" : "; a workflow may have been STARTED TWICE"
        return "\(tree.script) \(what) \(elapsed.short) (\(steps))\(twice)"
    }

    static func failure(_ error: ScriptError) -> [String] {
        var lines: [String] = []
        let roots = error.roots
        if roots.count > 1 {
            lines.append((error.location.map { "\($0): " } ?? "") + "\(roots.count) failures:")
        }
        for root in roots {
            let indent = roots.count > 1 ? "  " : ""
            let text = root.text + (root.jobID.map { " (job \($0))" } ?? "")
            lines += text.split(separator: "\n", omittingEmptySubsequences: false).map { indent + $0 }
            // With one frame the traceback says no more than the line in front.
            let frames = root.traceback.split(separator: "\n").map { $0.drop { $0 == "\t" } }
            if root.kind == .script, frames.count(where: { !$0.hasPrefix("[C]") }) > 2 {
                lines += frames.map { indent + "  " + $0 }
            }
        }
        return lines
    }

    private func section(_ title: String, _ entries: [String], _ width: Int) -> [String] {
        guard !entries.isEmpty else { return [] }
        let shown = entries.prefix(50).flatMap { ("  " + $0).wrapped(to: width, hanging: 2) }
        let rest = entries.count > 50 ? ["  and \(entries.count - 50) more"] : []
        return ["", title] + shown + rest
    }

    private func place(_ location: String?) -> String {
        location.map { ", started at \($0)" } ?? ""
    }

    private var doubtAdvice: String {
        let run = tree.run
        let others = Set(end.doubtful.compactMap(\.heldBy)).sorted()
        let after = others.map { "baton show \($0)" }.joined(separator: ", ")
        guard end.doubtful.contains(where: { $0.heldBy == nil }) else {
            return "decide about the other run first: \(after). Then: baton resume \(run)."
        }
        return "look at the server's list of jobs whether the workflow in doubt was started, and what became of it "
            + "(baton show \(run) numbers the steps); then say so: baton resolve \(run) STEP --adopt JOB, --restart, --done "
            + "or --fail. Then: baton resume \(run). Baton does not start it a second time by itself."
            + (others.isEmpty ? "" : " About the other run: \(after).")
    }

    /// What to do about jobs that may run twice, whatever else is to be done.
    static let suspicionAdvice =
        "Check in Data Studio whether the jobs listed under \"Possible duplicate starts\" are both running, and cancel the one "
        + "that is not needed. baton jobs lists the server's jobs."

    var advice: String? {
        let parts = [statusAdvice, end.suspicions.isEmpty ? nil : Self.suspicionAdvice].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    private var statusAdvice: String? {
        let run = tree.run
        let retry = "baton retry \(run)"
        let resume = "baton resume \(run)"
        let wait = end.running.isEmpty ? "" : " Jobs that still run are waited for then."
        return switch end.status {
        case .succeeded, .skipped: nil
        case .failed where end.error?.roots.allSatisfy { $0.kind == .script } == true:
            "mend the script. Then go on with what has run: \(retry) --with-current-script; or run it anew."
        case .failed: "mend what failed, then: \(retry). It starts what failed again and goes on from there."
        case .check:
            "look at the data: something is not as the script expects. Then: \(retry), or \(retry) --done STEP if it is "
                + "right as it is."
        case .timeout where end.error?.roots.contains { $0.label == nil && $0.location != nil } == true:
            "find out why it takes so long, or allow more time. No step failed by itself: run it anew, or mend the script "
                + "and go on with what has run: \(retry) --with-current-script."
        case .timeout: "find out why it takes so long, or allow more time. Then: \(retry).\(wait)"
        case .cancelled: "nothing: \(end.running.isEmpty ? "it is over." : "the jobs listed above still run.")"
        case .auth:
            "put a valid key in place (key, its permissions, and the environment's label belong together), then: "
                + "\(resume).\(wait)"
        case .unreachable: "see that the server runs and can be reached from this machine, then: \(resume).\(wait)"
        case .ambiguous, .resolved, .stuck: doubtAdvice
        case .detached: "nothing was cancelled. To go on: \(resume)."
        case .nondeterministic:
            "nothing was sent. Somebody who knows Baton should look: baton show \(run). To give it up: baton abandon "
                + "\(run)."
        case .untrusted:
            "see that the journal's disk has space and can be written, then: \(resume). What was on its way is looked for "
                + "then."
        }
    }
}
