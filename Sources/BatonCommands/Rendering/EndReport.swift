import DataStudio
import Escaping
import Orchestration

/// The last thing a run says: the finished tree, what happened, what still runs, and what to do next.
struct EndReport {
    let end: RunEnd
    let tree: RunTree
    /// When it ended.
    let at: Timestamp

    /// How many entries a list of the report has at most.
    private static let longestList = 50

    func lines(at now: Timestamp, terminal: Terminal) -> [String] {
        var lines: [String] = []
        if tree.stepCount > 0 { lines += [""] + tree.lines(at: now, terminal: terminal, limit: 200) + [""] }
        lines.append(headline)
        if let text = end.text { lines.append(text) }
        if let error = end.error {
            lines += [""] + Self.failure(error).flatMap { $0.wrapped(to: terminal.columns, hanging: 2) }
        }
        lines += section(
            [.unreachable, .auth].contains(end.status)
                ? "Running on the server when it was last asked:" : "Still running on the server:",
            end.running.map { "\($0.title) (job \($0.jobID?.text ?? "?"))" + place($0.location) }, terminal.columns)
        lines += section(
            "In doubt:",
            end.doubtful.map { doubt in
                let reason = doubt.step.doubt.map { ": \($0)" } ?? ""
                return doubt.step.title + place(doubt.step.location) + reason + doubt.jobs
            }, terminal.columns)
        lines += section("Possible duplicate starts:", end.suspicions, terminal.columns)
        lines += names("Not started:", end.notStarted, terminal.columns)
        lines += section("Warnings:", warnings, terminal.columns)
        return lines + Advice.lines(advice, width: terminal.columns)
    }

    var headline: String {
        let steps = tree.stepCount == 1 ? "1 step" : "\(tree.stepCount) steps"
        let what =
            switch end.status {
            case .succeeded: "succeeded in"
            case .skipped: "was SKIPPED by the script, after"
            case .failed: "FAILED after"
            case .check: "FAILED its checks after"
            case .timeout: "ran OUT OF TIME after"
            case .auth, .unreachable, .untrusted: "was INTERRUPTED: \(interruptionReason ?? ""), after"
            case .ambiguous where isAboutLostJobs: "is HELD: the server does not know a job any more, after"
            case .ambiguous, .resolved, .stuck: "is HELD: a start is in doubt, after"
            case .detached: "was INTERRUPTED\(end.signal == nil ? "" : " by a signal") after"
            case .cancelled: "was CANCELLED after"
            case .nondeterministic: "is HELD: it cannot be gone on with as it was, after"
            }
        if let trouble = end.trouble, let reason = interruptionReason {
            return "\(tree.script.visible) is STILL INTERRUPTED, for \(trouble.short): \(reason)"
        }
        let twice = end.suspicions.isEmpty ? "" : "; a workflow may have been STARTED TWICE"
        // What passed between the processes of a run is nothing that it took.
        let began = tree.began ?? at
        let resumed = end.resumed.map { "; it was resumed \(($0 - began).short) after it began" } ?? ""
        return "\(tree.script.visible) \(what) \((at - (end.resumed ?? began)).short) (\(steps))\(resumed)\(twice)"
    }

    /// What the library's own texts are called in a traceback.
    private static let library = ["baton:", "baton/", "require:", "sandbox:", "sort:"]

    /// Why a run was interrupted that is tried again by itself, or once its disk is well.
    private var interruptionReason: String? {
        switch end.status {
        case .auth: "the key was refused"
        case .unreachable: "the server could not be reached"
        case .untrusted: "its journal could not be written"
        default: nil
        }
    }

    static func failure(_ error: ScriptError) -> [String] {
        var lines: [String] = []
        let roots = error.roots
        if roots.count > 1 {
            lines.append((error.location.map { "\($0): " } ?? "") + "\(roots.count) failures:")
        }
        for root in roots.prefix(longestList) {
            let indent = roots.count > 1 ? "  " : ""
            let text = root.text + (root.jobID.map { " (job \($0))" } ?? "")
            lines += text.split(separator: "\n", omittingEmptySubsequences: false).map { indent + $0 }
            // With one frame the traceback says no more than the line in front. Baton's own library is nothing to correct.
            let frames = root.traceback.split(separator: "\n").map { $0.drop { $0 == "\t" } }
                .filter { frame in !library.contains { frame.hasPrefix($0) } }
            if root.kind == .script, frames.count(where: { !$0.hasPrefix("[C]") }) > 2 {
                lines += frames.map { indent + "  " + $0 }
            }
        }
        return lines + rest(of: roots.count)
    }

    private func section(_ title: String, _ entries: [String], _ width: Int) -> [String] {
        guard !entries.isEmpty else { return [] }
        let shown = entries.prefix(Self.longestList).flatMap { ("  " + $0).wrapped(to: width, hanging: 2) }
        return ["", title] + shown + Self.rest(of: entries.count)
    }

    /// Names one behind the other: what went wrong stays on the screen also where many steps were not started.
    private func names(_ title: String, _ names: [String], _ width: Int) -> [String] {
        guard !names.isEmpty else { return [] }
        let rest = names.count > Self.longestList ? ["and \(names.count - Self.longestList) more"] : []
        let text = (names.prefix(Self.longestList) + rest).joined(separator: ", ")
        return ["", title] + ("  " + text).wrapped(to: width)
    }

    /// Without what the list of running jobs says already.
    private var warnings: [String] {
        let running = Set(end.running.map { "\($0.title): job \($0.jobID?.text ?? "?") is left running" })
        return end.warnings.filter { !running.contains($0) }
    }

    /// What stands below a list that is cut.
    private static func rest(of count: Int) -> [String] {
        count > longestList ? ["  and \(count - longestList) more"] : []
    }

    private func place(_ location: String?) -> String {
        location.map { ", started at \($0)" } ?? ""
    }

    /// True if every decision is about a job that the server had.
    private var isAboutLostJobs: Bool {
        !end.doubtful.isEmpty && end.doubtful.allSatisfy { $0.heldBy == nil && $0.step.jobID != nil }
    }

    /// Of one step in doubt the commands are complete; of several a person puts in the number.
    private var doubtAdvice: Advice {
        let run = tree.run
        let own = end.doubtful.filter { $0.heldBy == nil }
        let others = Set(end.doubtful.compactMap(\.heldBy)).sorted()
        guard !own.isEmpty else {
            var advice = Advice("decide about the other run first. Then resume this one:")
            advice.commands = others.map { "baton show \($0)" } + ["baton resume \(run)"]
            return advice
        }
        let step = own.count == 1 ? "\(own[0].step.number)" : "STEP"
        let resolve = "baton resolve \(run) \(step)"
        var advice = Advice(
            isAboutLostJobs
                ? "the server had taken the start, and does not list the job any more. Find out what became of it, and run ONE of "
                    + "these commands. \(Self.choices):"
                : "look at the server's list of jobs whether the workflow in doubt was started, and what became of it. Baton does "
                    + "not start it a second time by itself. Then run ONE of these commands. --adopt: this is its job. "
                    + "\(Self.choices):")
        if own.count > 1 { advice.commands.append("baton show \(run)") }
        if !isAboutLostJobs {
            let jobs = own.count == 1 ? own[0].candidates.prefix(3).map(\.text) : []
            advice.commands += (jobs.isEmpty ? ["JOB"] : jobs).map { "\(resolve) --adopt \($0)" }
        }
        advice.commands += ["--restart", "--done", "--fail"].map { "\(resolve) \($0)" }
        advice.commands += others.map { "baton show \($0)" }
        return advice
    }

    /// What the words of `baton resolve` mean.
    static let choices =
        "--restart: it did not run, start it. --done: what it had to do is done. --fail: the script is told that it failed"

    /// Once every step in doubt is decided.
    static func resumeAdvice(_ command: String) -> Advice { Advice("resume the run afterwards:", command) }

    /// What to do about jobs that may run twice, whatever else is to be done.
    static let suspicionAdvice = Advice(
        "Check in Data Studio whether the jobs listed under \"Possible duplicate starts\" are both running, and cancel the one "
            + "that is not needed. This lists the server's jobs:", "baton jobs")

    var advice: [Advice] {
        [
            statusAdvice, isDecided ? nil : Self.resumeAdvice("baton resume \(tree.run)"),
            end.suspicions.isEmpty ? nil : Self.suspicionAdvice,
        ].compactMap { $0 }.map { advice in
            var advice = advice
            advice.commands = advice.commands.map { CommandPlace.command($0, in: end.folder) }
            return advice
        }
    }

    /// True if no step of its own waits for a person's decision.
    private var isDecided: Bool {
        !end.isKept || ![.ambiguous, .resolved, .stuck].contains(end.status)
            || end.doubtful.allSatisfy { $0.heldBy != nil }
    }

    /// True if a person's rejection is all that has failed.
    private var isRejected: Bool {
        end.error?.roots.count == 1
            && tree.rows.values.contains { $0.step.kind == .approval && $0.state == .failed(.rejected) }
    }

    private var statusAdvice: Advice? {
        guard end.isKept else {
            return end.exitCode == 0
                ? nil
                : Advice(
                    "change the script or the scenario, and run it again. The journal of a simulated run is not kept.")
        }
        let run = tree.run
        let retry = "baton retry \(run)"
        let revised = "\(retry) --with-current-script"
        let resume = "baton resume \(run)"
        let wait = end.running.isEmpty ? "" : " Jobs that still run are waited for then."
        let then =
            end.nextReminder.map {
                " Baton tries it again by itself; the next message is sent in \($0.short), or when the run has recovered. To "
                    + "try it at once:"
            } ?? " If no timer runs baton resume --all, resume it then:"
        return switch end.status {
        case .succeeded, .skipped: nil
        // There is no file that could be corrected.
        case .failed
        where tree.script == ScriptFile.pipedName
            && end.error?.roots.allSatisfy { [.script, .limit].contains($0.kind) } == true:
            Advice("correct the script, and run it anew.")
        case .failed where end.error?.roots.allSatisfy { $0.kind == .script } == true:
            Advice("correct the script. Then run it anew, or retry it and keep what has run:", revised)
        case .failed where end.error?.roots.allSatisfy { [.script, .limit].contains($0.kind) } == true:
            Advice(
                "correct the script, or allow more (limits in the configuration). Then run it anew, or retry it and keep what has run:",
                revised)
        // No step has failed: something that the script asked for was refused.
        case .failed where end.error?.roots.allSatisfy { $0.label == nil } == true:
            Advice("correct what was refused. This asks for it again and goes on from there:", retry)
        case .failed where isRejected:
            Advice("it was rejected. To ask for the decision again, and to go on from there:", retry)
        case .failed: Advice("correct what failed. This starts it again and goes on from there:", retry)
        case .check: checkAdvice(retry)
        case .timeout where end.error?.roots.contains { $0.label == nil && $0.location != nil } == true:
            Advice(
                "find out why it takes so long. To give the block its time again and go on from there, or to allow more with "
                    + "a changed script:", retry, revised)
        case .timeout: Advice("find out why it takes so long, or allow more time.\(wait) Then:", retry)
        case .cancelled where end.running.isEmpty:
            Advice("nothing: it is over. To go on where it was cancelled:", retry)
        case .cancelled:
            Advice(
                "nothing: the jobs listed above still run. To wait for them, and go on where it was cancelled:", retry)
        case .auth:
            Advice(
                "put a valid key in place (key, its permissions, and the environment's label belong together).\(wait)\(then)",
                resume)
        case .unreachable:
            Advice("see that the server runs and can be reached from this machine.\(wait)\(then)", resume)
        case .ambiguous, .resolved, .stuck: doubtAdvice
        case .detached: Advice("nothing was cancelled. To go on:", resume)
        case .nondeterministic:
            Advice(
                "nothing was sent. Somebody who knows Baton should look. To look, or to give it up:",
                "baton show \(run)", "baton abandon \(run)")
        case .untrusted:
            Advice(
                "see that the journal's disk has space, and that it can be written. What was on its way is looked for when the "
                    + "run is resumed.\(then)",
                resume)
        }
    }

    /// What did not pass may be right as it is.
    private func checkAdvice(_ retry: String) -> Advice {
        let labels = Set(end.error?.roots.compactMap(\.label) ?? []).sorted()
        var advice = Advice("look at the data: something is not as the script expects. To start it again:", retry)
        if !labels.isEmpty {
            let done = labels.map { "--done " + TextFormat.shell.escaped($0) }.joined(separator: " ")
            advice.text =
                "look at the data: something is not as the script expects. To start it again, or to take it as it is:"
            advice.commands.append("\(retry) \(done)")
        }
        return advice
    }
}
