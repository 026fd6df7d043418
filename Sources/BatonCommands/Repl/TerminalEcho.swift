import Glibc

/// What is typed while a line runs does not stand in the tree.
enum TerminalEcho {
    /// Does something without echo, if somebody sits there.
    static func without<Value>(_ isInteractive: Bool, _ body: () async -> Value) async -> Value {
        var before = termios()
        guard isInteractive, tcgetattr(STDIN_FILENO, &before) == 0 else { return await body() }
        var quiet = before
        quiet.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSANOW, &quiet)
        let value = await body()
        tcsetattr(STDIN_FILENO, TCSANOW, &before)
        return value
    }
}
