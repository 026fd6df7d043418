import BatonHost
import DataStudio
import Foundation
import LineEditor
import Orchestration
import Synchronization

/// Shows a session: a live tree while a line waits, its values when it is over, and above the prompt what happens behind
/// it.
///
/// Without a terminal values and what is printed go to standard output, everything else to standard error.
final class ReplRenderer: RunRenderer {
    private struct State {
        /// What the session has begun and what is open, and what ended since the last line was entered.
        var tree = RunTree(kept: RunTree.usualKept)
        /// The keys of the steps of the line that runs begin so; `nil`: none runs.
        var prefix: String?
        var count = 0
        /// The live tree on the screen.
        var region = LiveRegion()
        var onLineEnd: (@Sendable (LineEnd) -> Void)?
        var onEnd: (@Sendable () -> Void)?
        var isOver = false
    }

    private let state = Mutex(State())
    private let editor: Mutex<LineEditor?> = Mutex(nil)
    private let isTerminal: Bool

    init(isTerminal: Bool) {
        self.isTerminal = isTerminal
    }

    /// True if somebody sits at a prompt.
    var isInteractive: Bool { isTerminal }

    var isLive: Bool { isTerminal && Terminal.of(STDOUT_FILENO).isLive }

    /// From now on what is shown goes through the prompt.
    func use(_ editor: LineEditor) { self.editor.withLock { $0 = editor } }

    /// Runs something and waits until the line is over that it enters.
    ///
    /// - Returns: `nil` if the session is over instead.
    func line(_ enter: @Sendable () -> Void) async -> LineEnd? {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                state.onLineEnd = { continuation.resume(returning: $0) }
                state.onEnd = { continuation.resume(returning: nil) }
                return state.isOver
            }
            if isOver { end() } else { enter() }
        }
    }

    /// The steps that go on, with their times.
    var open: [RunTree.Row] {
        state.withLock { state in
            state.tree.rows.values.filter { !$0.state.isOver || $0.state == .ambiguous }
                .sorted { $0.step.number < $1.step.number }
        }
    }

    // MARK: Events

    func receive(_ event: RunEvent, at now: Timestamp) {
        let ended: (() -> Void)? = state.withLock { state in
            state.tree.apply(event, at: now)
            switch event {
            case .line:
                state.count += 1
                // Nothing shows again what ended before.
                state.tree.forgetEnded()
                state.prefix = "line#\(state.count)/"
            case .step(let event): take(event, at: now, &state)
            case .print(let text):
                erase(&state)
                put(printed: text + "\n")
            case .log(let level, let text): tell("\(level.rawValue): \(text)", &state)
            case .warning(let text): tell("warning: \(text)", &state)
            case .suspicion(let text): tell(EventLine.text(suspicion: text), &state)
            case .phase(let name): if !isTerminal { tell("phase: \(name)", &state) }
            case .lineEnded(let end):
                finish(end, at: now, &state)
                let continuation = state.onLineEnd
                (state.onLineEnd, state.onEnd) = (nil, nil)
                return continuation.map { continuation in { continuation(end) } }
            case .taskEnded(let name, let place, let error):
                let task = "task \(name)" + (place.map { " (\($0))" } ?? "")
                if let error {
                    tell("\(task): \(error.text)", &state)
                } else if isTerminal {
                    tell("\(task): done", &state)
                }
            case .began, .ended: break
            }
            return nil
        }
        ended?()
        if case .ended = event { end() }
    }

    private func end() {
        let continuation = state.withLock { state in
            erase(&state)
            state.isOver = true
            defer { (state.onLineEnd, state.onEnd) = (nil, nil) }
            return state.onEnd
        }
        continuation?()
    }

    private func take(_ event: StepEvent, at now: Timestamp, _ state: inout State) {
        switch event.change {
        // Told when the step that had it was given up.
        case .starting where event.step.isLeftOver, .accepted where event.step.isLeftOver: return
        default: break
        }
        if let prefix = state.prefix, event.step.isAwaited || event.step.key.hasPrefix(prefix) {
            if !isLive { tell(EventLine.text(event), &state) }
            return
        }
        switch event.change {
        case .starting, .waiting, .state: break
        case .accepted, .late, .retrying, .warning, .ended: tell(EventLine.text(event), &state)
        }
    }

    private func finish(_ end: LineEnd, at now: Timestamp, _ state: inout State) {
        erase(&state)
        let tree = state.tree.only { $0.step.key.hasPrefix(state.prefix ?? "\n") }
        state.prefix = nil
        let terminal = Terminal.of(STDOUT_FILENO)
        // What is told below needs no tree.
        let isTold = !end.values.isEmpty || !end.kept.isEmpty || end.error != nil
        if isLive, (tree.rows.count > 1 && end.values.isEmpty) || (tree.rows.count == 1 && !isTold) {
            put(lines: Array(tree.lines(at: now, terminal: terminal).dropFirst()))
        }
        if !end.values.isEmpty { put(lines: ValueLayout(terminal).lines(end.values)) }
        if let error = end.error { complain(error.text) }
        if let finish = end.end {
            let text = finish.text ?? finish.error?.text
            let word = finish.error == nil ? "a script would end here" : "a script would fail here"
            if isTerminal || text != nil { complain(word + (text.map { ": \($0)" } ?? "")) }
        }
        if end.isInterrupted { note("interrupted") }
        for step in end.kept {
            let job = step.jobID.map { " (job \($0))" } ?? ""
            note("\(step.title)\(job) goes on; wait(_) waits for it")
        }
        for task in end.keptTasks {
            note("task \(task) goes on; wait(_) waits for it")
        }
    }

    // MARK: Writing

    /// Something that is wrong with a line.
    func complain(_ text: String) {
        let terminal = Terminal.of(isTerminal ? STDOUT_FILENO : STDERR_FILENO)
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let shown = String(line).visible
            let red = terminal.hasColour && index == 0 ? "\u{1B}[31m\(shown)\u{1B}[0m" : shown
            aside(red + "\n")
        }
    }

    func note(_ text: String, code: Int32?) {
        aside(text.visible + "\n")
    }

    /// What somebody at the prompt asked for.
    func put(lines: [String]) {
        put(lines.map { $0 + "\n" }.joined())
    }

    private func tell(_ text: String, _ state: inout State) {
        erase(&state)
        aside(text.visible + "\n")
    }

    /// What a program behind a pipe reads.
    private func put(_ text: String, draws: Bool = false) {
        if let editor = editor.withLock({ $0 }) {
            show(text, editor, draws: draws)
        } else {
            Output.standard.write(text, draws: draws)
        }
    }

    /// What a script prints.
    private func put(printed text: String) {
        if let editor = editor.withLock({ $0 }) { show(text, editor) } else { Output.standard.write(printed: text) }
    }

    private func show(_ text: String, _ editor: LineEditor, draws: Bool = false) {
        editor.write(TerminalText.shown(text, draws: draws))
    }

    /// What no program behind a pipe reads.
    private func aside(_ text: String) {
        if let editor = editor.withLock({ $0 }) { show(text, editor) } else { Output.errors.write(text) }
    }

    func recall(_ event: RunEvent, at time: Timestamp) {
        state.withLock { state in
            state.tree.apply(event, at: time)
            if case .line = event { state.count += 1 }
        }
    }

    func know(_ usual: @escaping @Sendable (_ title: String) -> Duration?) {
        state.withLock { $0.tree.usual = usual }
    }

    func redraw() {
        state.withLock { state in
            guard isLive, !state.isOver, let prefix = state.prefix else { return }
            // What it may wait for as well.
            let tree = state.tree.only { !$0.state.isOver || $0.step.key.hasPrefix(prefix) }
            guard !tree.rows.isEmpty else { return }
            let terminal = Terminal.of(STDOUT_FILENO)
            let lines = tree.lines(at: .now, terminal: terminal, limit: max(3, terminal.rows - 1)).dropFirst()
            put(state.region.show(lines), draws: true)
        }
    }

    private func erase(_ state: inout State) {
        if let text = state.region.erase() { put(text, draws: true) }
    }
}
