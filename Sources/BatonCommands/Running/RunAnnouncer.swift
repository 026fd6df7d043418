import BatonHost
import DataStudio
import Escaping
import JSON
import Journal
import Orchestration
import Synchronization

/// Tells people what happens to a run: decides what is worth it, and finds the words.
final class RunAnnouncer: Sendable {
    private let notifier: Notifier
    private let script: String
    private let path: String
    /// False where somebody sits at the prompt and sees what happens: then only what the script itself wants is sent.
    private let announcesRun: Bool
    private let tree = Mutex(RunTree(kept: RunTree.usualKept))
    /// The numbers that what is to be sent at the end has in the journal; `nil` before ``claim(in:of:)``.
    private let claimed = Mutex<[Int64]?>(nil)

    private static let paper = Terminal.paper(isUnicode: true)

    /// - Parameters:
    ///   - path: the script's.
    init(_ notifier: Notifier, script: String, path: String, announcesRun: Bool = true) {
        self.path = path.visible
        self.announcesRun = announcesRun
        self.notifier = notifier
        self.script = script
    }

    func recall(_ event: RunEvent, at time: Timestamp) {
        tree.withLock { $0.apply(event, at: time) }
    }

    func receive(_ event: RunEvent, at now: Timestamp) {
        recall(event, at: now)
        guard announcesRun else { return }
        switch event {
        // A copy of the tree is made at the end only: one at each event would have all of it copied at the next.
        case .ended(let end): announce(end, tree.withLock { $0 }, at: now)
        case .suspicion(let text): suspect(text, run: tree.withLock { $0.run }, at: now)
        default: break
        }
    }

    /// Told at once: the run may go on for hours, and what runs twice does so now.
    private func suspect(_ text: String, run: String, at now: Timestamp) {
        let advice = "Check in Data Studio whether both jobs are running, and cancel the one that is not needed."
        announce(
            [.duplicate], "\(script): a workflow may have been STARTED TWICE, run \(run)",
            EventLine.text(suspicion: text) + "\n" + advice, run, "running", at: now)
    }

    /// The run begins, or goes on.
    func begin(_ run: String, goesOn: Bool) {
        guard announcesRun else { return }
        let verb = goesOn ? "goes on" : "begins"
        announce([.start], "\(script) \(verb) (run \(run))", "", run, "running", at: .now)
    }

    /// It is out of trouble.
    ///
    /// - Parameters:
    ///   - time: how long it was in trouble.
    ///   - status: `nil` while it runs.
    ///   - person: who has resolved or retried it; `nil` if nobody had to.
    ///   - workflows: that the trouble was about.
    func recover(
        after time: Duration, _ status: RunStatus?, by person: String?, of workflows: Set<String>, at now: Timestamp
    ) {
        let run = tree.withLock { $0.run }
        let what = status == nil ? "It runs again." : "It has succeeded."
        let who = person.map { " \($0) has seen to it." } ?? ""
        announce(
            [.recovered], "\(script) has recovered after \(time.short), run \(run)",
            "\(what)\(who) No action is needed.", run, status?.rawValue ?? "running", of: workflows, at: now)
    }

    /// It has ended, and its process died before it could say so.
    func ended(_ end: RunEnd, _ tree: RunTree) { announce(end, tree, at: .now) }

    /// A person has decided that nothing more is done about a run that people know to be in trouble.
    func abandon(_ row: RunRow, by person: String, of workflows: Set<String>) {
        announce(
            [.recovered], "\(script): run \(row.id) was given up by \(person)",
            "It is not resumed any more. No action is needed.", row.id, "abandoned", of: workflows, at: .now)
    }

    private func announce(_ end: RunEnd, _ tree: RunTree, at now: Timestamp) {
        let code = end.exitCode
        var occasions: Set<Occasion> = []
        if code == 0 { occasions = [.success] } else if code < 128 { occasions = [.failure] }
        if code == 8, end.status.isInterruption { occasions.insert(.ambiguous) }
        if code < 128, !end.suspicions.isEmpty { occasions.insert(.duplicate) }
        guard !occasions.isEmpty else { return }
        let report = EndReport(end: end, tree: tree, at: now)
        announce(
            occasions, "\(report.headline)\(cause(of: end)), run \(tree.run)",
            report.lines(at: now, terminal: Self.paper).joined(separator: "\n"), tree.run, end.status.rawValue,
            exitCode: code, of: end.workflows, at: now)
    }

    /// For a title: why a run has failed, in a few words. Whoever has a phone reads it first, and may read no more.
    private func cause(of end: RunEnd) -> String {
        guard !end.status.isInterruption, let root = end.error?.roots.first else { return "" }
        let line = root.message.split(separator: "\n").first.map(String.init) ?? ""
        return ": " + line.visible.fitted(to: Self.longestCause, ellipsis: "…")
    }

    private static let longestCause = 100

    /// A run of the same line was given up for it.
    func giveUp(_ run: String, _ words: String) {
        announce([.failure], "\(script): run \(run) was given up", words, run, "abandoned", at: .now)
    }

    /// What is on its way.
    var pending: [Announcement] { notifier.pending }

    /// What could not be delivered so far.
    var undelivered: [Announcement] { notifier.undelivered }

    /// A run that nobody asked for cannot be resumed, or needs a person.
    func leave(_ row: RunRow, _ lines: [String], code: Int32) {
        announce(
            code == 8 ? [.failure, .ambiguous] : [.failure], lines.first ?? "", lines.joined(separator: "\n"), row.id,
            row.status?.rawValue ?? "interrupted", exitCode: code, at: .now)
    }

    /// It was refused before it began.
    func refuse(_ refusal: Refusal, code: Int32) {
        announce(
            code == 8 ? [.failure, .ambiguous] : [.failure], "\(script) was not begun: \(refusal.lines.first ?? "")",
            (refusal.lines + ["Nothing was started."]).joined(separator: "\n"), "", "refused", exitCode: code, at: .now)
    }

    private func announce(
        _ occasions: Set<Occasion>, _ title: String, _ text: String, _ run: String, _ status: String,
        exitCode: Int32? = nil, of workflows: Set<String> = [], at now: Timestamp
    ) {
        var announcement = Announcement(
            occasions, title: title.visible, text: text, run: run, script: script, path: path,
            status: status, exitCode: exitCode, at: now)
        announcement.workflows = workflows
        // Of what is over, the journal gets the message before anything of it leaves: see RunSession.finish.
        exitCode == nil ? notifier.announce(announcement) : notifier.hold(announcement)
    }

    /// What the script wants people to be told, and what is late; returns once they are told, or cannot be.
    ///
    /// - Parameter folder: in which commands about the run find its journal; `nil`: anywhere.
    func tell(_ query: Query, in folder: String? = nil) async {
        let tree = tree.withLock { $0 }
        let occasions: Set<Occasion>, title: String, text: String
        var (workflows, targets): (Set<String>, Set<String>) = ([], [])
        switch query {
        case .notify(let notice):
            let first = notice.text.split(separator: "\n").first.map(String.init) ?? ""
            // Only what waits for a person has commands.
            occasions = notice.commands.isEmpty ? [.notify] : [.notify, .approval]
            title =
                notice.commands.isEmpty ? notice.title ?? "\(script): \(first)" : "\(script): \(notice.title ?? first)"
            targets = Set(notice.targets)
            let commands = notice.commands.map { "\n  " + CommandPlace.command($0, in: folder) }
            text = notice.text + (commands.isEmpty ? "" : "\n") + commands.joined()
        case .late(let step, let lateness):
            let lines = tree.lines(at: .now, terminal: Self.paper, limit: 60)
            (occasions, workflows) = ([.late], [step])
            title = "\(script): \(step): \(lateness.words)"
            text = lines.joined(separator: "\n")
        default: return
        }
        var announcement = Announcement(
            occasions, title: title.visible, text: text, run: tree.run, script: script, path: path, status: "running",
            at: .now)
        (announcement.workflows, announcement.targets) = (workflows, targets)
        await notifier.tell(announcement)
    }

    /// Keeps what is to be sent at the end in the journal, once: if this process dies, `baton resume --all` sends it.
    ///
    /// - Returns: the numbers that it has there.
    func claim(in journal: Journal, of row: RunRow) -> [Int64] {
        claimed.withLock { claimed in
            if let claimed { return claimed }
            let texts = notifier.pending.map(\.json.jsonText)
            let numbers = (try? journal.claim(undelivered: texts, of: row.id, at: .now)) ?? []
            claimed = numbers
            return numbers
        }
    }

    /// See ``Notifier/keepUndelivered(_:)``.
    func keepUndelivered(_ keep: (@Sendable (Announcement) -> Bool)?) { notifier.keepUndelivered(keep) }

    /// Waits for what is under way, for a while.
    func finish() async { await notifier.finish() }
}
