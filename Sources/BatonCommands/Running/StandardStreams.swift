import Glibc

/// The process's first three descriptors.
enum StandardStreams {
    /// Opens what whoever started the process has closed: a file that is opened later must not get its number, or what is
    /// printed would be written into the journal.
    static func open() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) == -1 {
            _ = Glibc.open("/dev/null", O_RDWR)
        }
    }
}
