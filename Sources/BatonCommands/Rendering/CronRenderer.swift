import BatonHost
import DataStudio
import Orchestration
import Synchronization

/// Shows a run to cron, which mails what is printed: of a success what the script prints, warnings and what was late; of a
/// failure the whole story.
final class CronRenderer: RunRenderer {
    private struct State {
        var tree = RunTree(kept: RunTree.usualKept)
        /// What happened.
        var story = Story()
        var isOver = false
    }

    private let state = Mutex(State())
    private let run: String?

    /// Mail is no terminal.
    private static let paper = Terminal.paper(isUnicode: Terminal.current.isUnicode)

    /// - Parameter run: told with each line, where other runs are told of at the same time.
    init(run: String? = nil) {
        self.run = run
    }

    let isLive = false
    let isMailed = true

    func receive(_ event: RunEvent, at now: Timestamp) {
        state.withLock { state in
            state.tree.apply(event, at: now)
            switch event {
            case .print(let text): Output.standard.write(printed: text + "\n")
            case .log(let level, let text):
                tell("\(level.rawValue): \(text)", now, &state, isGrave: level == .warn || level == .error)
            case .warning(let text): tell("warning: \(text)", now, &state, isGrave: true)
            case .suspicion(let text): tell(EventLine.text(suspicion: text), now, &state, isGrave: true)
            case .phase(let name): tell("phase: \(name)", now, &state)
            case .step(let step):
                var isGrave = false
                if case .late = step.change { isGrave = true }
                if case .warning = step.change { isGrave = true }
                tell(EventLine.text(step), now, &state, isGrave: isGrave)
            case .began, .line, .lineEnded, .taskEnded: break
            case .ended(let end): finish(end, now, &state)
            }
        }
    }

    private func tell(_ text: String, _ now: Timestamp, _ state: inout State, isGrave: Bool = false) {
        let line = now.localTime + "  " + (run.map { $0 + "  " } ?? "") + text.visible
        if state.isOver {
            // As that somebody could not be told of the end.
            if isGrave { write([line]) }
        } else {
            state.story.append(line, isGrave: isGrave)
        }
    }

    private func finish(_ end: RunEnd, _ now: Timestamp, _ state: inout State) {
        state.isOver = true
        write(state.story.lines(onlyGrave: end.exitCode == 0))
        // It has been told: nothing follows it but what is told at once.
        state.story = Story()
        guard end.exitCode != 0 else { return }
        let report = EndReport(end: end, tree: state.tree, at: now)
        write(report.lines(at: now, terminal: Self.paper))
    }

    func recall(_ event: RunEvent, at time: Timestamp) {
        state.withLock { $0.tree.apply(event, at: time) }
    }

    /// That another run is live is no news at night, nor that something has been done already.
    func note(_ text: String, code: Int32?) {
        if let code, code != 0, code != 6 { return write(text.visible.wrapped(to: Self.paper.columns, hanging: 2)) }
        if code == nil { state.withLock { $0.story.append(text.visible, isGrave: false) } }
    }

    func warn(_ text: String) {
        state.withLock { $0.story.append(text.visible, isGrave: true) }
    }

    func redraw() {}

    private func write(_ lines: [String]) {
        Output.errors.write(lines.map { $0 + "\n" }.joined())
    }
}
