import Glibc

/// What is typed while a line runs does not stand in the tree.
enum TerminalEcho {
    /// Does something without echo, if there is a terminal.
    static func without<Value>(_ body: () async -> Value) async -> Value {
        var before = termios()
        guard isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &before) == 0 else { return await body() }
        var quiet = before
        quiet.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSANOW, &quiet)
        let value = await body()
        tcsetattr(STDIN_FILENO, TCSANOW, &before)
        return value
    }
}
