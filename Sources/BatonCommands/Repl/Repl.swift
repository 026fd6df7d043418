import ArgumentParser
import BatonHost
import DataStudio
import Foundation
import Glibc
import LineEditor
import LuaVM
import Orchestration
import Synchronization

/// Somebody who types a script line by line: reads, has it run, and tells what came of it.
final class Repl: Sendable {
    let renderer: ReplRenderer
    private let texts: [String]?
    private let state = Mutex(State())

    struct State {
        var transcript = Transcript()
        /// Ends when nothing more is read.
        var reading: Task<Void, Never>?
        var editor: LineEditor?
        var isLineRunning = false
        /// It was warned that jobs run.
        var isWarned = false
        var code: Int32 = 0
        var isLeft = false
        var server: String?
        var labels: [String: [String]] = [:]
        /// Files that the session has written itself.
        var saved: Set<String> = []
    }

    /// - Parameter texts: what is run instead of what is typed; `nil`: standard input is read.
    init(texts: [String]?) {
        self.texts = texts
        renderer = ReplRenderer(isTerminal: texts == nil && isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1)
    }

    func change<Value>(_ body: (inout sending State) -> sending Value) -> sending Value { state.withLock(body) }

    /// Where `require` looks.
    func moduleFinder(_ configuration: BatonConfiguration) -> @Sendable (String) -> LuaModule? {
        let folders = [FileManager.default.currentDirectoryPath] + [configuration.modules].compactMap { $0 }
        return { ModuleFinder(folders: folders).module($0) }
    }

    /// The labels of the server's workflows, as far as they are known.
    var labels: [String] { state.withLock { state in state.server.flatMap { state.labels[$0] } ?? [] } }

    // MARK: Reading

    /// Reads and runs, beside whoever calls.
    func begin(_ session: LiveSession, in place: ReplPlace) {
        // Before anything ends the session: whoever does closes the editor.
        let input = input(session, in: place)
        let reading = Task { await run(session, input, in: place) }
        state.withLock { $0.reading = reading }
    }

    /// Reads and runs until there is nothing more to read.
    private func run(_ session: LiveSession, _ input: ReplInput, in place: ReplPlace) async {
        state.withLock { $0.server = place.server }
        if input.isInteractive {
            await greet(session, place)
            fetchLabels(of: place.server, place)
        }
        await read(input, session, place)
        if case .editor(let editor) = input { await editor.close() }
    }

    private func read(_ input: ReplInput, _ session: LiveSession, _ place: ReplPlace) async {
        let commands = ReplCommands(self, session, place)
        var text = ""
        var isFirst = true
        while true {
            let entry = await input.next(prompt: text.isEmpty ? "> " : ">> ")
            guard case .line(let line) = entry else {
                if entry == .interrupted {
                    renderer.put(lines: [""])
                    text = ""
                    continue
                }
                if input.isInteractive { renderer.put(lines: [""]) }
                if !text.isEmpty, !input.isInteractive { await fail(.unfinished(text), session) }
                if await leave(session, place, isInteractive: input.isInteractive) { return }
                text = ""
                continue
            }
            defer { isFirst = false }
            // As the first line of a script may be, for the shell.
            if isFirst, line.hasPrefix("#!") { continue }
            if text.isEmpty, line.hasPrefix(":") {
                if case .editor(let editor) = input { editor.remember(line) }
                guard let code = await commands.run(line) else { return }
                if code != 0, case .editor(let editor) = input { editor.forgetPasted() }
                if code != 0, !input.isInteractive { return await stop(code, session) }
                continue
            }
            if !text.isEmpty, line.allSatisfy(\.isWhitespace), input.givesUp {
                renderer.note("given up")
                text = ""
                continue
            }
            text += (text.isEmpty ? "" : "\n") + line
            switch SessionInput(text) {
            case .unfinished: continue
            case .empty: break
            case .invalid(let error):
                if case .editor(let editor) = input {
                    remember(text, editor)
                    editor.forgetPasted()
                }
                if input.isInteractive {
                    renderer.complain(error.words(in: text))
                } else {
                    return await fail(.init(error, text), session)
                }
            case .complete:
                if case .editor(let editor) = input { remember(text, editor) }
                guard let end = await enter(text, session) else { return }
                if case .editor(let editor) = input, !end.isSuccess || end.isInterrupted { editor.forgetPasted() }
                if let code = end.exitCode, !input.isInteractive { return await stop(code, session) }
            }
            text = ""
        }
    }

    private func remember(_ text: String, _ editor: LineEditor) {
        for entry in SessionInput.historyEntries(text) { editor.remember(entry) }
    }

    /// Runs a text to its end.
    ///
    /// - Returns: `nil` if the session is over.
    func enter(_ text: String, _ session: LiveSession) async -> LineEnd? {
        let end = await TerminalEcho.without(renderer.isInteractive) { await renderer.line { begin(text, session) } }
        state.withLock { state in
            state.isLineRunning = false
            guard let end else { return }
            let outcome: Transcript.Outcome =
                end.isInterrupted ? .interrupted(keepsJobs: !end.kept.isEmpty) : end.isSuccess ? .succeeded : .failed
            state.transcript.add(text, outcome, hasValues: !end.values.isEmpty)
        }
        return end
    }

    /// Has a text run. Ctrl-C is about the line that is read or about the one that runs, at every moment: what comes between
    /// is kept by the editor.
    private func begin(_ text: String, _ session: LiveSession) {
        state.withLock { state in
            state.isWarned = false
            state.isLineRunning = true
            session.enter(text)
            if state.editor?.isInterrupted == true { session.interrupt() }
        }
    }

    // MARK: Ending

    /// Ends the session, once nobody minds.
    ///
    /// - Returns: false if somebody has to be asked.
    func leave(_ session: LiveSession, _ place: ReplPlace, isInteractive: Bool) async -> Bool {
        guard isInteractive else {
            session.close(raises: true)
            return true
        }
        let open = await session.look { $0.openSteps } ?? []
        let tasks = await session.look { $0.openTasks.count } ?? 0
        guard !open.isEmpty || tasks > 0 else {
            session.close(raises: false)
            return true
        }
        guard state.withLock({ $0.isWarned }) else {
            state.withLock { $0.isWarned = true }
            let names = open.map { step in step.title + (step.jobID.map { " (job \($0))" } ?? "") }
            let what =
                names.joined(separator: ", ")
                + (tasks > 0 ? (names.isEmpty ? "" : "; ") + (tasks == 1 ? "1 task" : "\(tasks) tasks") : "")
            renderer.note("still running: \(what)")
            renderer.note(
                place.isSimulated
                    ? "The simulated server ends with the session. Ctrl-D or :quit again to quit."
                    : "Ctrl-D or :quit again to quit: jobs go on, and the next baton repl takes them up. Tasks end.")
            return false
        }
        state.withLock { $0.isLeft = true }
        session.leave()
        return true
    }

    private func fail(_ error: ReplError, _ session: LiveSession) async {
        renderer.complain(error.text)
        await stop(64, session)
    }

    /// Nothing more is read; what was begun goes on to its end, which only a server that is there can tell.
    private func stop(_ code: Int32, _ session: LiveSession) async {
        let isLost = [4, 5].contains(code)
        state.withLock { state in
            state.code = code
            state.isLeft = isLost
        }
        if isLost { session.leave() } else { session.close(raises: true) }
    }

    /// Tells how it ended.
    ///
    /// - Returns: the exit code.
    func finish(_ end: RunEnd) async -> Int32 {
        let (code, isLeft, editor, reading) = state.withLock { ($0.code, $0.isLeft, $0.editor, $0.reading) }
        // A terminal is left as it was. Whoever reads from a pipe may wait there for ever.
        if let editor {
            await editor.close()
            await reading?.value
        }
        if isLeft { return code }
        if end.signal != nil {
            for step in end.running { renderer.note("\(step.title) (job \(step.jobID?.text ?? "?")) goes on") }
        }
        let own = end.exitCode
        // Of the line that failed it has been told.
        if code == 0, let error = end.error { renderer.complain(error.text) }
        for doubt in end.doubtful where !renderer.isLive {
            renderer.note("\(doubt.step.title): nobody knows whether it was started: baton runs")
        }
        return RunEnd.graver(code, own)
    }

    /// Takes a signal.
    ///
    /// - Returns: false if it ends the process.
    func takes(_ signal: Int32, _ session: LiveSession) -> Bool {
        state.withLock { state in
            switch signal {
            case SIGWINCH: state.editor?.resize()
            case SIGCONT: state.editor?.goOn()
            case SIGINT where renderer.isInteractive:
                if state.isLineRunning { session.interrupt() } else { state.editor?.interrupt() }
            default: return false
            }
            return true
        }
    }

    // MARK: Beginning

    private func input(_ session: LiveSession, in place: ReplPlace) -> ReplInput {
        if let texts { return .texts(TextQueue(texts)) }
        let completer = ReplCompleter(self, session, place)
        guard renderer.isInteractive,
            let editor = LineEditor(program: "baton", history: ReplHistory.path, complete: { completer.suggest($0) })
        else { return .pipe(LineReader()) }
        renderer.use(editor)
        state.withLock { $0.editor = editor }
        return .editor(editor)
    }

    private func greet(_ session: LiveSession, _ place: ReplPlace) async {
        renderer.put(lines: [
            "Baton \(BatonCommand.version), \(place.words(of: place.server)). :help lists the commands."
        ])
        let open = await session.look { $0.openSteps } ?? []
        guard !open.isEmpty else { return }
        renderer.put(lines: ["The session before has left running:"])
        renderer.put(lines: ReplCommands.lines(of: renderer.open))
        renderer.put(lines: ["wait(_) waits for \(open.count == 1 ? "it" : "them")."])
    }

    /// Asks for the labels behind the prompt, once for each server.
    func fetchLabels(of server: String, _ place: ReplPlace) {
        guard let client = place.clients.usable[server] else { return }
        Task {
            guard let labels = try? await OnlinePreflight.labels(client) else { return }
            state.withLock { $0.labels[server] = labels.sorted() }
        }
    }
}
