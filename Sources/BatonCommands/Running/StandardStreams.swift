import Glibc

/// What the process has from whoever started it: its first three descriptors, its signals and its limits.
enum StandardStreams {
    /// How many descriptors a process needs that does nothing but talk to one server.
    private static let fewestDescriptors: rlim_t = 64

    /// Prepares the process, before anything else.
    static func prepare() {
        open()
        // A closed pipe is an error of whoever writes to it, and no reason to die without a word.
        signal(SIGPIPE, SIG_IGN)
        // Swift's runtime prints the memory of a process that crashes, for seconds: it may hold keys, and a run that is
        // gone on with quickly waits for that.
        if getenv("SWIFT_BACKTRACE") == nil {
            for number in [SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP] { signal(number, SIG_DFL) }
        }
        raiseLimit()
        findItself()
    }

    /// How many descriptors the process may have open.
    static var descriptorLimit: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return Int(fewestDescriptors) }
        return Int(clamping: limit.rlim_cur)
    }

    /// Connections, locks and the journal take descriptors: as many as are allowed. The libraries trap where there are none.
    private static func raiseLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        if limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = min(limit.rlim_max, 65_536)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        guard limit.rlim_cur < fewestDescriptors else { return }
        refuse(
            "This process may have \(limit.rlim_cur) files and connections open, and Baton needs \(fewestDescriptors).\n"
                + "Nothing was started. Raise the limit: ulimit -n 1024\n")
    }

    /// Refuses to run where /proc is not that of this process: in a folder made its root without one, or in a namespace of
    /// its own. Under load libdispatch reads `/proc/THREAD/stat` of its threads, and ends a process with SIGILL that has none
    /// (swift-corelibs-libdispatch, src/event/workqueue.c).
    private static func findItself() {
        var number = [CChar](repeating: 0, count: 32)
        guard readlink("/proc/self", &number, number.count - 1) < 0 || atoi(number) != getpid() else { return }
        refuse(
            "This process does not find itself in /proc, and Baton needs that.\n"
                + "Nothing was started. Mount it where Baton runs: mount -t proc proc /proc\n")
    }

    private static func refuse(_ why: String) -> Never {
        Output.errors.write(why)
        _exit(71)
    }

    /// Opens what whoever started the process has closed: a file that is opened later must not get its number, or what is
    /// printed would be written into the journal.
    private static func open() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) == -1 {
            _ = Glibc.open("/dev/null", O_RDWR)
        }
    }
}
