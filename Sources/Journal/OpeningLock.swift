import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Held while a journal is opened: by one process at a time.
struct OpeningLock {
    private let descriptor: Int32

    /// Waits for its turn: opening takes milliseconds.
    init(_ folder: JournalFolder) throws(JournalError) {
        let path = folder.locks + "/opening"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw JournalError(.readOnly, "the lock \(path) cannot be taken: \(String(cString: strerror(errno)))")
        }
        while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
    }

    func release() { close(descriptor) }
}
