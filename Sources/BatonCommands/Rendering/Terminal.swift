import Foundation
import Glibc

/// What a stream of the process, usually standard error, is shown on.
struct Terminal: Sendable {
    /// Lines can be drawn over.
    var isLive: Bool
    var hasColour: Bool
    /// Box-drawing characters and ticks can be shown.
    var isUnicode: Bool
    var columns: Int
    var rows: Int
    /// False for a file or a pipe.
    var isTerminal = false

    /// What is mailed or sent: eighty columns, nothing drawn over.
    static func paper(isUnicode: Bool) -> Terminal {
        Terminal(isLive: false, hasColour: false, isUnicode: isUnicode, columns: 80, rows: 24)
    }

    /// That of standard error, as the process finds it now.
    static var current: Terminal { of(STDERR_FILENO) }

    /// That of a stream, as the process finds it now.
    static func of(_ descriptor: Int32) -> Terminal {
        let environment = ProcessInfo.processInfo.environment
        let isDumb = environment["TERM"].map { $0 == "dumb" || $0.isEmpty } ?? true
        let isLive = isatty(descriptor) == 1 && !isDumb
        var size = winsize()
        let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        let locale = environment["LC_ALL"] ?? environment["LC_CTYPE"] ?? environment["LANG"] ?? ""
        var terminal = Terminal(
            isLive: isLive,
            hasColour: isLive && (environment["NO_COLOR"] ?? "").isEmpty,
            isUnicode: locale.lowercased().contains("utf"),
            columns: isKnown ? Int(size.ws_col) : 80,
            rows: isKnown ? Int(size.ws_row) : 24)
        terminal.isTerminal = isatty(descriptor) == 1
        return terminal
    }
}
