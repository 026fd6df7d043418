import CEditShim
import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A prompt on the process's terminal, by libedit on a thread of its own: what is typed is seen at once, whatever else the
/// process does.
package final class LineEditor: Sendable {
    /// What came of reading a line.
    package enum Entry: Equatable, Sendable {
        /// Without its end.
        case line(String)
        /// It was given up, by ``interrupt()``.
        case interrupted
        /// Ctrl-D in an empty line, or the terminal is gone.
        case end
    }

    /// What the completion of a text wants done.
    package struct Suggestion: Sendable {
        /// What is put at the cursor.
        package var insertion: String
        /// What can stand there, shown if nothing is put there.
        package var choices: [String]

        /// A suggestion; empty: nothing can follow.
        package init(insertion: String = "", choices: [String] = []) {
            self.insertion = insertion
            self.choices = choices
        }
    }

    private struct State {
        var prompt: String?
        /// Lines of a text that was pasted, and entered as a whole.
        var pasted: [String] = []
        var answer: CheckedContinuation<Entry, Never>?
        /// Lines for above the prompt.
        var lines = ""
        var entries: [String] = []
        var isInterrupted = false
        var isResized = false
        var isContinued = false
        var isReading = false
        var isOver = false
        /// The thread has ended; who waits for that.
        var isClosed = false
        var closing: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let work = DispatchSemaphore(value: 0)
    private let (wakes, waker): (Int32, Int32)
    private let completion: @Sendable (String) -> Suggestion

    /// How many entries the history keeps.
    private static let longestHistory: Int32 = 1000

    /// - Parameters:
    ///   - program: whose settings in `~/.editrc` count.
    ///   - history: a file that keeps what is entered; made for its owner only. `nil`: nothing is kept.
    ///   - complete: what can follow a text that ends at the cursor; called on the editor's thread.
    /// - Returns: `nil` where standard input and output are no terminal.
    package init?(program: String, history: String?, complete: @escaping @Sendable (String) -> Suggestion) {
        var ends: [Int32] = [-1, -1]
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1, pipe(&ends) == 0 else { return nil }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        (wakes, waker) = (ends[0], ends[1])
        completion = complete
        let thread = Thread { [self] in run(program, history) }
        thread.name = "prompt"
        thread.start()
    }

    deinit {
        Glibc.close(wakes)
        Glibc.close(waker)
    }

    // MARK: For everybody

    /// Reads a line. One at a time.
    package func read(prompt: String) async -> Entry {
        await withCheckedContinuation { continuation in
            let entry: Entry? = state.withLock { state in
                guard !state.isOver else { return .end }
                if !state.pasted.isEmpty { return .line(state.pasted.removeFirst()) }
                state.prompt = prompt
                state.answer = continuation
                return nil
            }
            if let entry { continuation.resume(returning: entry) } else { work.signal() }
        }
    }

    /// True if more has been typed already, as where a text is pasted.
    package var hasMore: Bool {
        if state.withLock({ !$0.pasted.isEmpty }) { return true }
        var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        return poll(&input, 1, 0) > 0
    }

    /// Writes whole lines: above the prompt, if there is one.
    package func write(_ lines: String) {
        change { state in
            if state.isReading { state.lines += lines } else { Self.put(lines) }
        }
    }

    /// Forgets the lines of a pasted text that have not been read: what came before them went wrong.
    package func forgetPasted() { state.withLock { $0.pasted = [] } }

    /// Gives up the line that is being read.
    package func interrupt() {
        change { state in
            state.isInterrupted = true
            state.pasted = []
        }
    }

    /// True if ``interrupt()`` was called since the last line was read: it is about that line.
    package var isInterrupted: Bool { state.withLock { $0.isInterrupted } }

    /// The window has another size.
    package func resize() { change { $0.isResized = true } }

    /// The process was stopped, and goes on.
    package func goOn() { change { $0.isContinued = true } }

    /// Keeps an entry in the history.
    package func remember(_ entry: String) { change { $0.entries.append(entry) } }

    /// Gives up what is being read, and ends the thread; the terminal is as it was.
    package func close() async {
        await withCheckedContinuation { continuation in
            let isClosed = state.withLock { state in
                if !state.isClosed { state.closing.append(continuation) }
                return state.isClosed
            }
            if isClosed { continuation.resume() } else { change { $0.isOver = true } }
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let isReading = state.withLock { state in
            body(&state)
            return state.isReading
        }
        if isReading {
            var byte: UInt8 = 0
            _ = Glibc.write(waker, &byte, 1)
        }
        // It may have stopped reading meanwhile.
        work.signal()
    }

    // MARK: On the editor's thread

    private func run(_ program: String, _ history: String?) {
        let callbacks = led_callbacks(
            woken: { context, editor in LineEditor.from(context).woken(editor) },
            complete: { context, editor, text in
                LineEditor.from(context).complete(editor, text.map { String(cString: $0) } ?? "")
            })
        // It outlives the thread: whoever began it holds it, and closes it.
        let context = Unmanaged.passUnretained(self).toOpaque()
        guard let editor = led_new(program, wakes, callbacks, context) else { return finish() }
        if let history { led_history(editor, history, Self.longestHistory) }
        while true {
            work.wait()
            let (prompt, isOver) = state.withLock { state in
                let prompt = state.prompt
                state.prompt = nil
                state.isReading = prompt != nil
                // One that came when no line was read is not about this one.
                if prompt != nil { state.isInterrupted = false }
                return (prompt, state.isOver)
            }
            flush(editor, isAbove: false)
            if isOver { break }
            if let prompt { read(editor, prompt) }
        }
        led_free(editor)
        finish()
    }

    private func finish() {
        let (answer, closing) = state.withLock { state in
            state.isOver = true
            state.isClosed = true
            defer { (state.answer, state.closing) = (nil, []) }
            return (state.answer, state.closing)
        }
        answer?.resume(returning: .end)
        for continuation in closing { continuation.resume() }
    }

    private func read(_ editor: OpaquePointer, _ prompt: String) {
        var line: UnsafePointer<CChar>?
        let result = prompt.withCString { led_read(editor, $0, &line) }
        let entry: Entry =
            switch result {
            case LED_LINE: .line(line.map { String(cString: $0) } ?? "")
            case LED_ABORTED: .interrupted
            default: .end
            }
        var lines: [String] = []
        if case .line(let text) = entry {
            lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
                String(Substring($0))
            }
        }
        let answer = state.withLock { state in
            state.isReading = false
            state.pasted = Array(lines.dropFirst())
            defer { state.answer = nil }
            return state.answer
        }
        flush(editor, isAbove: false)
        answer?.resume(returning: lines.first.map { .line($0) } ?? entry)
    }

    /// - Returns: true if the line is to be given up.
    private func woken(_ editor: OpaquePointer?) -> Bool {
        guard let editor else { return true }
        let (isResized, isContinued, isInterrupted) = state.withLock { state in
            defer { (state.isResized, state.isContinued, state.isInterrupted) = (false, false, false) }
            return (state.isResized, state.isContinued, state.isInterrupted || state.isOver)
        }
        if isContinued { led_continue(editor) }
        if isResized { led_resize(editor) }
        flush(editor, isAbove: true)
        return isInterrupted
    }

    /// Writes and remembers what has come.
    private func flush(_ editor: OpaquePointer, isAbove: Bool) {
        let (lines, entries) = state.withLock { state in
            defer { (state.lines, state.entries) = ("", []) }
            return (state.lines, state.entries)
        }
        for entry in entries { led_remember(editor, entry) }
        guard !lines.isEmpty else { return }
        if isAbove { led_print_above(editor, lines) } else { Self.put(lines) }
    }

    private static func put(_ lines: String) {
        let bytes = Array(lines.utf8)
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    private func complete(_ editor: OpaquePointer?, _ text: String) {
        guard let editor else { return }
        let suggestion = completion(text)
        if !suggestion.insertion.isEmpty {
            led_insert(editor, suggestion.insertion)
        } else if !suggestion.choices.isEmpty {
            led_list(editor, ChoiceList.text(suggestion.choices, columns: Int(led_columns(editor))))
        }
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> LineEditor {
        guard let context else { preconditionFailure("the editor was begun without its object") }
        return Unmanaged<LineEditor>.fromOpaque(context).takeUnretainedValue()
    }
}
