import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The process that holds a lock, as Linux tells it. Files that SQLite has open are not opened for that: closing one again
/// would drop SQLite's own locks.
enum LockHolder {
    /// Where SQLite locks the file of shared memory to write: https://www.sqlite.org/walformat.html#wal_locks
    private static let writeLock = 120

    /// Who writes the database, in words; "another process" if that is not known.
    static func words(writing database: String) -> String { words(number(database + "-shm", byte: writeLock)) }

    /// Who holds a lock on a file, in words; "another process" if that is not known.
    static func words(locking path: String) -> String { words(number(path, byte: nil)) }

    /// True if somebody holds a lock on a file that this process may not open; `nil` if that is not known.
    static func holds(_ path: String) -> Bool? {
        access("/proc/locks", R_OK) == 0 && access(path, F_OK) == 0 ? number(path, byte: nil) != nil : nil
    }

    private static func words(_ process: Int?) -> String {
        guard let process else { return "another process" }
        let name = (try? String(contentsOfFile: "/proc/\(process)/comm", encoding: .utf8))?.split(separator: "\n").first
        return "process \(process)" + (name.map { " (\($0))" } ?? "")
    }

    private static func number(_ path: String, byte: Int?) -> Int? {
        var information = stat()
        guard stat(path, &information) == 0,
            let table = try? String(contentsOfFile: "/proc/locks", encoding: .utf8)
        else { return nil }
        return holder(ofFile: UInt64(information.st_ino), byte: byte, in: table, besides: Int(getpid()))
    }

    /// The process that holds a lock, by the kernel's table of locks (`man 5 proc_locks`).
    ///
    /// - Parameters:
    ///   - byte: of a lock on a part of the file; `nil`: of one on the whole file.
    ///   - own: a process that is not meant.
    static func holder(ofFile inode: UInt64, byte: Int?, in table: String, besides own: Int) -> Int? {
        for line in table.split(separator: "\n") {
            // As "1: POSIX  ADVISORY  WRITE 4964 fe:00:16255219 120 120". Behind an arrow stands one that waits.
            let fields = line.split(separator: " ")
            guard fields.count == 8, fields[1] == (byte == nil ? "FLOCK" : "POSIX"), fields[3] == "WRITE",
                let process = Int(fields[4]), process > 0, process != own,
                fields[5].split(separator: ":").last.flatMap({ UInt64($0) }) == inode
            else { continue }
            guard let byte else { return process }
            if let first = Int(fields[6]), first <= byte,
                fields[7] == "EOF" || Int(fields[7]).map({ $0 >= byte }) == true
            {
                return process
            }
        }
        return nil
    }
}
