package import Journal
package import Orchestration

/// The locks beside a journal.
package struct LockFolder: Sendable {
    private let path: String

    /// The locks of that journal.
    package init(_ folder: JournalFolder) {
        path = folder.locks
    }

    /// Held while a process holds the run.
    package func run(_ id: String) throws(LockError) -> FileLock? { try FileLock.take("\(path)/run-\(id)") }

    /// True if a process holds the run.
    package func isTaken(run id: String) throws(LockError) -> Bool { try FileLock.isTaken("\(path)/run-\(id)") }

    /// Held while somebody decides what becomes of a line, and while a run of it is live.
    package func line(_ line: String) throws(LockError) -> FileLock? { try FileLock.take("\(path)/line-\(name(line))") }

    /// Held while a start of the gate is unanswered.
    package func gate(_ gate: Gate) throws(LockError) -> FileLock? {
        try FileLock.take("\(path)/gate-\(name(gate.name))")
    }

    /// One of so many slots for jobs on a server.
    package func slot(_ server: String, of count: Int) throws(LockError) -> FileLock? {
        let server = name(server)
        for number in 1...max(1, count) {
            if let lock = try FileLock.take("\(path)/slot-\(server)-\(number)") { return lock }
        }
        return nil
    }

    /// A name for a file; what it is made of may be long, and hold slashes.
    private func name(_ text: String) -> String {
        String(Journal.hash(text).prefix(24))
    }
}
