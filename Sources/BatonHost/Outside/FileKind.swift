#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// What a path leads to, links followed.
package enum FileKind {
    /// A file with an end, which can be read without waiting.
    case regular
    /// A folder, a pipe, a device or a socket.
    case other

    /// `nil`: there is nothing, or it cannot be looked at.
    package init?(of path: String) {
        var information = stat()
        guard stat(path, &information) == 0 else { return nil }
        self = information.st_mode & S_IFMT == S_IFREG ? .regular : .other
    }
}
