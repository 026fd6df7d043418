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
    ///
    /// - Parameter run: who takes it, for whoever waits.
    package func gate(_ gate: Gate, for run: String) throws(LockError) -> FileLock? {
        let lock = try FileLock.take(path(of: gate))
        lock?.note(run)
        return lock
    }

    /// The file of a gate's lock.
    func path(of gate: Gate) -> String { "\(path)/gate-\(name(gate.name))" }

    /// The run that took the gate last; `nil` if it is not known.
    func holder(of gate: Gate) -> String? { FileLock.note(at: path(of: gate)) }

    /// One of so many slots for jobs on a server.
    ///
    /// - Parameter run: who takes it, for whoever waits.
    package func slot(_ server: String, of count: Int, for run: String) throws(LockError) -> FileLock? {
        for number in 1...max(1, count) {
            if let lock = try FileLock.take(path(ofSlot: number, server)) {
                lock.note(run)
                return lock
            }
        }
        return nil
    }

    private func path(ofSlot number: Int, _ server: String) -> String { "\(path)/slot-\(name(server))-\(number)" }

    /// The runs that took the slots of a server last, as far as they are known.
    func holders(ofSlots count: Int, on server: String) -> [String] {
        Set((1...max(1, count)).compactMap { FileLock.note(at: path(ofSlot: $0, server)) }).sorted()
    }

    /// A name for a file; what it is made of may be long, and hold slashes.
    private func name(_ text: String) -> String {
        String(Journal.hash(text).prefix(24))
    }
}
