import Foundation
import GRDB
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A small file beside the database that says how far the database had come: a database that is behind it, or that lies
/// beside another one, was restored from a backup or copied.
///
/// It is written after each commit of a start, without syncing: it may be behind the database, never before it.
final class Mark: Sendable {
    private let descriptor: Int32

    /// Compares, and notes a journal that was restored.
    init(_ folder: JournalFolder, _ queue: DatabaseQueue) throws {
        descriptor = open(folder.mark, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw JournalError(
                .readOnly, "the file \(folder.mark) cannot be written: \(String(cString: strerror(errno)))")
        }
        var information = stat()
        fstat(descriptor, &information)
        let file = Int64(bitPattern: UInt64(information.st_ino))
        let shown = counter
        try queue.writeWithoutTransaction { database in
            try database.inTransaction(.immediate) {
                let known = try Self.value("mark", database)
                let counter = try Self.value("counter", database) ?? 0
                // A new journal has nothing to have forgotten.
                if counter > 0, known != file || shown > counter {
                    let last = try Int64.fetchOne(database, sql: "SELECT MAX(updated) FROM runs") ?? 0
                    try Self.set("restored_to", last, database)
                    try Self.set("restored_at", Int64(Date().timeIntervalSince1970 * 1000), database)
                }
                try Self.set("counter", max(counter, shown), database)
                try Self.set("mark", file, database)
                return .commit
            }
        }
    }

    deinit { close(descriptor) }

    static func value(_ name: String, _ database: Database) throws -> Int64? {
        try Int64.fetchOne(
            database.cachedStatement(sql: "SELECT value FROM meta WHERE name = ?"), arguments: [name])
    }

    static func set(_ name: String, _ value: Int64, _ database: Database) throws {
        try database.cachedStatement(
            sql: "INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
        ).execute(arguments: [name, value])
    }

    /// Counts one more commit, in its transaction.
    static func count(_ database: Database) throws -> Int64 {
        let next = try (value("counter", database) ?? 0) + 1
        try set("counter", next, database)
        return next
    }

    private var counter: Int64 {
        var value: Int64 = 0
        let size = withUnsafeMutableBytes(of: &value) { pread(descriptor, $0.baseAddress, $0.count, 0) }
        return size == MemoryLayout<Int64>.size ? Int64(littleEndian: value) : 0
    }

    /// Shows how far the database has come; it has been committed.
    func show(_ counter: Int64) {
        var value = counter.littleEndian
        _ = withUnsafeBytes(of: &value) { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }
}
