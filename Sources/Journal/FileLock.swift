#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A lock that is held for as long as this object lives, and not longer than the process: also `kill -9` lets go of it.
///
/// The file stays when the lock is gone: deleting it would let two hold it.
package final class FileLock: Sendable {
    private let descriptor: Int32

    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Takes the lock if nobody holds it, another object of this process included.
    ///
    /// - Returns: `nil` if somebody does.
    /// - Throws: ``LockError`` if the file cannot be made.
    package static func take(_ path: String) throws(LockError) -> FileLock? {
        try lock(path, LOCK_EX | LOCK_NB)
    }

    /// True if somebody holds the lock. Looking is in nobody's way.
    ///
    /// - Throws: ``LockError`` if the file is there and cannot be opened.
    package static func isTaken(_ path: String) throws(LockError) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno != ENOENT else { return false }
            throw LockError(path, errno)
        }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0
    }

    /// Takes the lock, and waits for it if somebody holds it: only for what is held for milliseconds.
    static func wait(_ path: String) throws(LockError) -> FileLock? {
        try lock(path, LOCK_EX)
    }

    private static func lock(_ path: String, _ operation: Int32) throws(LockError) -> FileLock? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw LockError(path, errno) }
        while flock(descriptor, operation) != 0 {
            let error = errno
            if error == EINTR { continue }
            // Whoever only looks shares it, for an instant.
            if error == EWOULDBLOCK, flock(descriptor, LOCK_SH | LOCK_NB) == 0 {
                flock(descriptor, LOCK_UN)
                sched_yield()
                continue
            }
            close(descriptor)
            if error == EWOULDBLOCK { return nil }
            throw LockError(path, error)
        }
        return FileLock(descriptor: descriptor)
    }
}
