#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What the file `mark.time` says: when the file `mark` beside it was last changed.
///
/// The file system writes that time, and no program can set it. Whatever copies a backup over `mark` changes it, even where
/// the file stays the same; and a `mark.time` that comes from the backup tells an older one.
struct MarkTime: Hashable, Sendable {
    /// When `mark` was last changed, in nanoseconds since 1970.
    var changed: Int64
    /// When a process began to write `mark`, in nanoseconds since 1970; 0 if none is writing.
    var writing: Int64 = 0

    /// A process that dies while it writes `mark` has changed it within that time or not at all. No backup is made and
    /// copied back as fast.
    static let longestWrite: UInt64 = 5_000_000_000

    /// False if something else than Baton has changed `mark`.
    ///
    /// - Parameter changed: when it was changed, by the file system.
    func fits(_ changed: Int64) -> Bool {
        if changed == self.changed { return true }
        // The file system's clock goes in steps of some milliseconds, so the change may seem to come first.
        return writing != 0 && (changed &- writing).magnitude <= Self.longestWrite
    }

    /// The time by the clock that the file system uses.
    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return nanoseconds(time)
    }

    /// A time of the system as a number.
    static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}

extension MarkTime {
    /// - Returns: `nil` for a file that is empty or holds something else.
    init?(_ file: MarkFile) {
        guard let numbers = file.read(2) else { return nil }
        self.init(changed: numbers[0], writing: numbers[1])
    }

    /// - Returns: false if that failed.
    func write(to file: MarkFile) -> Bool { file.write([changed, writing]) }
}

/// One of the two files of a ``Mark``: a few numbers, open for as long as this object lives.
final class MarkFile: Sendable {
    private let descriptor: Int32

    /// Opens a file, and makes it if there is none.
    init(_ path: String) throws(JournalError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw JournalError(.readOnly, "the file \(path) cannot be written: \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(descriptor) }

    /// Which file it is, and when it was last changed.
    var status: (inode: Int64, changed: Int64) {
        var information = stat()
        fstat(descriptor, &information)
        #if canImport(Darwin)
        let time = information.st_ctimespec
        #else
        let time = information.st_ctim
        #endif
        return (Int64(bitPattern: UInt64(information.st_ino)), MarkTime.nanoseconds(time))
    }

    /// Reads the first numbers; `nil` if there are fewer.
    func read(_ count: Int) -> [Int64]? {
        var numbers = [Int64](repeating: 0, count: count)
        let size = numbers.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        return size == count * MemoryLayout<Int64>.size ? numbers.map { Int64(littleEndian: $0) } : nil
    }

    /// Writes the first numbers.
    ///
    /// - Returns: false if that failed.
    @discardableResult
    func write(_ numbers: [Int64]) -> Bool {
        numbers.map(\.littleEndian).withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) == $0.count }
    }

    /// Takes the lock under which processes write. It is held for microseconds, unless a process is stopped meanwhile.
    ///
    /// - Returns: false if another process did not let go of it in time.
    func lock(within limit: Duration) -> Bool {
        let end = ContinuousClock.now + limit
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR, ContinuousClock.now < end else { return false }
            usleep(50)
        }
        return true
    }

    /// Lets go of the lock.
    func unlock() {
        flock(descriptor, LOCK_UN)
    }
}
