import Foundation
import Glibc
import Synchronization

/// `baton` on a terminal of its own, as somebody sees it who sits there.
final class PseudoTerminal {
    private let master: Int32
    private let process: pid_t
    private let output = ByteQueue()
    private(set) var screen: Screen
    private var isReaped = false

    // TIOCSPTLCK and TIOCGPTN of asm-generic/ioctls.h, and POSIX_SPAWN_SETSID of spawn.h.
    private static let setLock: UInt = 0x4004_5431
    private static let getNumber: UInt = 0x8004_5430
    private static let newSession: Int16 = 0x80

    struct Ended: Error, CustomStringConvertible {
        let description: String
    }

    /// - Parameters:
    ///   - place: where it runs, and what it takes for the person's home.
    ///   - terminal: the kind of terminal.
    ///   - locale: what its characters are.
    init(
        _ arguments: [String], in place: Workplace, columns: Int = 80, rows: Int = 24, terminal: String = "xterm",
        locale: String = "C.UTF-8", environment: [String: String] = [:]
    ) throws {
        screen = Screen(columns: columns, rows: rows)
        // As posix_openpt, unlockpt and ptsname do (man 4 ptmx), which Swift does not see.
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var (number, lock): (UInt32, Int32) = (0, 0)
        guard master >= 0, ioctl(master, Self.setLock, &lock) == 0, ioctl(master, Self.getNumber, &number) == 0 else {
            throw Ended(description: "no terminal: \(errno)")
        }
        let slave = "/dev/pts/\(number)"
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // The first terminal that the leader of a session opens is its own.
        posix_spawn_file_actions_addopen(&actions, 0, slave, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Self.newSession)
        var variables = [
            "PATH": "/usr/bin:/bin", "HOME": place.url.path, "TERM": terminal, "LC_ALL": locale, "TZ": "UTC",
        ]
        variables.merge(environment) { $1 }
        let texts = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        let words = (["env", "-C", place.url.path, BatonProcess.binary] + arguments).map { strdup($0) } + [nil]
        defer { for text in texts + words { free(text) } }
        var process: pid_t = 0
        let result = posix_spawn(&process, "/usr/bin/env", &actions, &attributes, words, texts)
        guard result == 0 else { throw Ended(description: "it could not be run: \(result)") }
        self.process = process
        // A descriptor of the thread's own: the number of one that is closed here may be another terminal's next.
        let (master, output) = (fcntl(master, F_DUPFD_CLOEXEC, 0), output)
        Thread.detachNewThread {
            defer { close(master) }
            var bytes = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = read(master, &bytes, bytes.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                output.put(Array(bytes.prefix(count)))
            }
            output.put(nil)
        }
    }

    deinit {
        if !isReaped {
            Glibc.kill(process, SIGKILL)
            var status: Int32 = 0
            waitpid(process, &status, 0)
        }
        close(master)
    }

    /// Kills the process after that time unless the task is cancelled: ``until(_:_:)`` throws then.
    func give(_ time: Duration) -> Task<Void, Never> {
        let process = process
        return Task {
            if (try? await Task.sleep(for: time)) != nil { Glibc.kill(process, SIGKILL) }
        }
    }

    /// Types these texts again and again, as somebody does who waits for an answer: what a terminal has when Ctrl-C is typed
    /// is lost.
    func insist(_ texts: [String], pause: Duration = .milliseconds(200)) -> Task<Void, Never> {
        let master = fcntl(master, F_DUPFD_CLOEXEC, 0)
        return Task {
            defer { close(master) }
            while !Task.isCancelled {
                for text in texts {
                    _ = Array(text.utf8).withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
                    guard (try? await Task.sleep(for: pause)) != nil else { return }
                }
            }
        }
    }

    /// Types something: a line ends with a carriage return, as on a keyboard.
    func type(_ text: String) {
        let bytes = Array(text.utf8)
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Types a line, and waits for the next prompt.
    @discardableResult
    func enter(_ line: String) async throws -> String {
        let before = screen.lines.count
        type(line + "\r")
        try await until("the prompt behind \(line)") { $0.lines.count > before && $0.line == ">" }
        return screen.lines[before...].dropLast().joined(separator: "\n")
    }

    /// Waits until the screen looks so.
    func until(_ what: String, _ holds: (Screen) -> Bool) async throws {
        while !holds(screen) {
            guard let bytes = await output.next() else {
                throw Ended(description: "it ended before \(what):\n\(screen.text)")
            }
            screen.take(bytes)
        }
    }

    /// Waits for a text.
    func until(_ text: String) async throws { try await until("\"\(text)\"") { $0.text.contains(text) } }

    func resize(columns: Int, rows: Int) {
        screen.resize(columns: columns, rows: rows)
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        // The kernel sends SIGWINCH to whoever is in front.
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    }

    /// True if what is typed is shown, as it is in front of a shell.
    var echoes: Bool {
        var settings = termios()
        return tcgetattr(master, &settings) == 0
            && settings.c_lflag & tcflag_t(ECHO | ICANON) == tcflag_t(ECHO | ICANON)
    }

    func kill(with signal: Int32) { Glibc.kill(process, signal) }

    /// Waits for its end, and reads the rest.
    ///
    /// - Returns: its exit code; 128 and more for a signal.
    func exitCode() async -> Int32 {
        while let bytes = await output.next() { screen.take(bytes) }
        if Task.isCancelled { Glibc.kill(process, SIGKILL) }
        isReaped = true
        let process = process
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var status: Int32 = 0
                waitpid(process, &status, 0)
                let signal = status & 0x7F
                continuation.resume(returning: signal == 0 ? (status >> 8) & 0xFF : 128 + signal)
            }
        }
    }
}

extension PseudoTerminal {
    static let interrupt = "\u{3}"
    static let end = "\u{4}"
    static let up = "\u{1B}[A"
}
