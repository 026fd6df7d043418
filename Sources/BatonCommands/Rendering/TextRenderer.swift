import BatonHost
import DataStudio
import Orchestration
import Synchronization

/// Shows a run to people: a live tree in a terminal, one line for each event elsewhere, the finished tree at the end.
///
/// What the script prints goes to standard output, everything else to standard error.
final class TextRenderer: RunRenderer {
    private struct State {
        var tree = RunTree(kept: RunTree.usualKept)
        /// The live tree on the screen.
        var region = LiveRegion()
        var isOver = false
    }

    private let state = Mutex(State())
    private let terminal: Terminal
    private let run: String?

    /// - Parameter run: told with each line, where other runs are told of at the same time.
    init(terminal: Terminal, run: String? = nil) {
        self.terminal = terminal
        self.run = run
    }

    var isLive: Bool { terminal.isLive }

    func receive(_ event: RunEvent, at now: Timestamp) {
        state.withLock { state in
            state.tree.apply(event, at: now)
            switch event {
            case .ended(let end):
                erase(&state)
                state.isOver = true
                let report = EndReport(end: end, tree: state.tree, at: now)
                write(report.lines(at: now, terminal: terminal.isLive ? .current : terminal))
            case .print(let text):
                erase(&state)
                Output.standard.write(printed: text + "\n")
            case .log(let level, let text):
                erase(&state)
                write([prefix(now) + "\(level.rawValue): \(text.visible)"])
            case .warning(let text):
                erase(&state)
                write([prefix(now) + "warning: \(text.visible)"])
            case .suspicion(let text):
                erase(&state)
                write([prefix(now) + EventLine.text(suspicion: text).visible])
            case .step(let event) where !terminal.isLive: write([prefix(now) + EventLine.text(event).visible])
            case .phase(let name) where !terminal.isLive: write([prefix(now) + "phase: \(name.visible)"])
            case .began, .step, .phase, .line, .lineEnded, .taskEnded: break
            }
        }
    }

    func note(_ text: String, code: Int32?) {
        state.withLock { state in
            erase(&state)
            write(text.visible.wrapped(to: terminal.columns, hanging: 2))
        }
    }

    func note(_ text: String, _ advice: Advice, code: Int32?) {
        state.withLock { state in
            erase(&state)
            write("\(text) \(advice.text)".visible.wrapped(to: terminal.columns, hanging: 2) + advice.lines.dropFirst())
        }
    }

    func know(_ usual: @escaping @Sendable (_ title: String) -> Duration?) {
        guard terminal.isLive else { return }
        state.withLock { $0.tree.usual = usual }
    }

    func recall(_ event: RunEvent, at time: Timestamp) {
        state.withLock { $0.tree.apply(event, at: time) }
    }

    func redraw() {
        state.withLock { state in
            guard terminal.isLive, !state.isOver else { return }
            // The window may have changed since the last time.
            let terminal = Terminal.current
            let lines = state.tree.lines(at: .now, terminal: terminal, limit: max(3, terminal.rows - 1))
            Output.errors.write(state.region.show(lines), draws: true)
        }
    }

    private func erase(_ state: inout State) {
        if let text = state.region.erase() { Output.errors.write(text, draws: true) }
    }

    private func write(_ lines: [String]) {
        Output.errors.write(lines.map { $0 + "\n" }.joined())
    }

    /// Lines of logs carry the time; in a terminal the tree shows it.
    private func prefix(_ now: Timestamp) -> String {
        terminal.isLive ? "" : now.localTime + "  " + (run.map { $0 + "  " } ?? "")
    }
}
