#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A lock that is held for as long as this object lives, and not longer than the process: also `kill -9` lets go of it.
///
/// The file is deleted when the lock is let go of, by the one that holds it and before it lets go. A process may have opened
/// the file before, and get the lock of a file that has no name any more: so whoever gets a lock makes sure that the path
/// still leads to that file, and begins again if it does not.
package final class FileLock: Sendable {
    private let descriptor: Int32
    private let path: String

    private init(_ path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit {
        // Somebody may have put another file there, whose lock is not this one.
        if Self.leads(path, to: descriptor) { unlink(path) }
        close(descriptor)
    }

    /// Takes the lock if nobody holds it, another object of this process included.
    ///
    /// - Returns: `nil` if somebody does.
    /// - Throws: ``LockError`` if the file cannot be made.
    package static func take(_ path: String) throws(LockError) -> FileLock? {
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard descriptor >= 0 else { throw LockError(path, errno) }
            let isLocked: Bool
            do throws(LockError) {
                isLocked = try lock(descriptor, path)
            } catch {
                close(descriptor)
                throw error
            }
            if isLocked, leads(path, to: descriptor) { return FileLock(path, descriptor: descriptor) }
            close(descriptor)
            if !isLocked { return nil }
        }
    }

    /// Writes into the lock's file who holds it. Only people are told of it, so that nothing depends on whether it works.
    package func note(_ holder: String) {
        let bytes = Array(holder.utf8.prefix(Self.longestNote))
        guard ftruncate(descriptor, 0) == 0 else { return }
        _ = pwrite(descriptor, bytes, bytes.count, 0)
    }

    /// What the last holder wrote into a lock's file.
    package static func note(at path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: longestNote)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
    }

    private static let longestNote = 200

    /// True if somebody holds the lock. Looking is in nobody's way.
    ///
    /// - Throws: ``LockError`` if the file is there and cannot be opened.
    package static func isTaken(_ path: String) throws(LockError) -> Bool {
        while true {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                let error = errno
                guard error != ENOENT else { return false }
                if error == EACCES, let isHeld = LockHolder.holds(path) { return isHeld }
                throw LockError(path, error)
            }
            defer { close(descriptor) }
            if flock(descriptor, LOCK_SH | LOCK_NB) != 0 { return true }
            // Somebody has let go of it, and somebody else may hold a new one by now.
            if leads(path, to: descriptor) { return false }
        }
    }

    private static func lock(_ descriptor: Int32, _ path: String) throws(LockError) -> Bool {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let error = errno
            if error == EINTR { continue }
            guard error == EWOULDBLOCK else { throw LockError(path, error) }
            // Whoever only looks shares it, for an instant.
            guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else { return false }
            flock(descriptor, LOCK_UN)
            sched_yield()
        }
        return true
    }

    /// True if a path leads to the file that is open.
    private static func leads(_ path: String, to descriptor: Int32) -> Bool {
        var (named, opened) = (stat(), stat())
        return stat(path, &named) == 0 && fstat(descriptor, &opened) == 0 && named.st_ino == opened.st_ino
            && named.st_dev == opened.st_dev
    }
}
