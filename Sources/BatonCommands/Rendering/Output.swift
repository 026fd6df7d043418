import Glibc
import Synchronization

/// A stream of the process. What cannot be written is dropped, and noted: a closed pipe must not end a run, and whoever
/// reads the output must not take a part of it for the whole.
struct Output: Sendable {
    static let standard = Output(descriptor: STDOUT_FILENO)
    static let errors = Output(descriptor: STDERR_FILENO)

    let descriptor: Int32

    /// The error with which standard output was lost first; 0: nothing of it was.
    static var loss: Int32 { lost.load(ordering: .relaxed) }
    private static let lost = Atomic<Int32>(0)

    /// Writes lines for people. Whatever a server or a script has put into them moves no cursor and sets no terminal: of the
    /// control characters only line ends, tabulators and Baton's own colours go out.
    ///
    /// - Parameter draws: true for lines that are drawn in the place of others.
    func write(_ text: String, draws: Bool = false) {
        send(TerminalText.shown(text, draws: draws))
    }

    /// Writes what a script prints: as it is to a file or a program, and like all else to a terminal.
    func write(printed text: String) {
        send(isatty(descriptor) == 1 ? TerminalText.shown(text, draws: false) : text)
    }

    private func send(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                if count < 0, errno == EAGAIN, waitUntilWritable() { continue }
                guard count > 0 else { return noteLoss() }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }

    /// Whoever gave the descriptor does not want writing to block; what is written here is wanted whole.
    private func waitUntilWritable() -> Bool {
        var stream = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&stream, 1, -1) >= 0 || errno == EINTR
    }

    private func noteLoss() {
        guard descriptor == STDOUT_FILENO else { return }
        _ = Self.lost.compareExchange(expected: 0, desired: errno, ordering: .relaxed)
    }
}
