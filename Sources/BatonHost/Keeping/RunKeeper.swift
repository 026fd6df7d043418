import DataStudio
import Dispatch
package import Journal
package import Orchestration
import Synchronization

/// What a run has on the disk: its log in the journal, and its locks. Held by the one process that runs it.
package final class RunKeeper: Sendable {
    /// The journal.
    package let journal: Journal
    /// The run's row as it was when it was taken up.
    package let row: RunRow
    private let locks: LockFolder
    private let lock: FileLock
    /// Its line's, where the run was begun or taken up by its line.
    private let line: FileLock?
    /// SQLite and locks block: they do so here, and not where tasks run.
    private let lane = DispatchQueue(label: "baton.journal")

    /// - Parameters:
    ///   - lock: the run's.
    ///   - line: its line's.
    package init(_ journal: Journal, _ row: RunRow, lock: FileLock, line: FileLock? = nil) {
        self.line = line
        self.journal = journal
        self.row = row
        self.lock = lock
        locks = LockFolder(journal.folder)
    }

    private func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            lane.async { continuation.resume(with: Result { try body() }) }
        }
    }

    private let count = Atomic(0)

    /// How many commits there have been.
    package var commits: Int { count.load(ordering: .relaxed) }

    func commit(_ commit: Commit) async throws {
        let (journal, id) = (journal, row.id)
        try await blocking { try journal.commit(commit, of: id) }
        count.add(1, ordering: .relaxed)
    }

    /// What earlier lives saw of the run's jobs.
    func sights() async throws -> [Sighting] {
        let (journal, id) = (journal, row.id)
        return try await blocking { try journal.sights(of: id) }
    }

    /// What other processes want of the run and have not got.
    func requests() async throws -> [RunRequest] {
        let (journal, id) = (journal, row.id)
        return try await blocking { try journal.requests(of: id) }
    }

    /// What may have been started twice in earlier lives, as far as nobody has been told of it at an end.
    func suspicions() async throws -> [String] {
        let (journal, id) = (journal, row.id)
        return try await blocking { try journal.suspicions(of: id, sinceRetry: true) }
    }

    /// The last steps of a name, in all runs.
    func history(_ name: String, _ limit: Int = 20) async throws -> [PastStep] {
        let journal = journal
        return try await blocking { try journal.durations(title: name, limit: limit) }
    }

    /// The last completed steps of a name in a space of a server that began before.
    func completed(_ name: String, server: String, space: String?, before: Timestamp) async throws -> [PastStep] {
        let journal = journal
        return try await blocking { try journal.completed(title: name, server: server, space: space, before: before) }
    }

    /// The run is left, and can be gone on with.
    func note(_ end: RunEnd) async throws {
        let (journal, id, note) = (journal, row.id, end.error.map { $0.text } ?? Self.words(end.doubtful))
        guard end.status.isInterruption else {
            guard let note else { return }
            return try await blocking { try journal.note(id, status: end.status, note: note) }
        }
        try await blocking { try journal.note(id, status: end.status, signal: end.signal, note: note) }
    }

    private static func words(_ doubts: [StepDoubt]) -> String? {
        let words = doubts.map { doubt in
            doubt.heldBy.map { "\(doubt.step.title) waits for a decision about run \($0)" }
                ?? "\(doubt.step.title) is in doubt"
        }
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }

    /// Writes down what became of a dead run's start. The run's lock is held, with the gate.
    ///
    /// - Returns: what is known of the gate then.
    func settle(
        _ doubt: GateState.Doubt, _ verdict: DoubtVerdict, serverTime: Timestamp?, at gate: Gate
    ) async throws -> GateState {
        let (journal, id) = (journal, row.id)
        let body = verdict.body(serverTime: serverTime)
        return try await blocking {
            try journal.append(body, key: doubt.key, attempt: doubt.attempt, to: doubt.run, at: .now)
            return try journal.state(of: gate, for: id, isLive: self.isLive)
        }
    }

    /// Whether a process holds a run.
    private func isLive(_ run: String) -> Bool { (try? locks.isTaken(run: run)) ?? false }

    /// Notes that a job in the way is over.
    func note(over other: GateState.Predecessor) async throws {
        let journal = journal
        try await blocking { try journal.note(over: other) }
    }

    /// Takes a gate, and waits for it if another run holds it.
    func take(_ gate: Gate) async throws -> HeldGate {
        var pause = Duration.milliseconds(10)
        while true {
            if let held = try await blocking({ try self.tryToTake(gate) }) { return held }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(1))
        }
    }

    private func tryToTake(_ gate: Gate) throws -> HeldGate? {
        guard let lock = try locks.gate(gate) else { return nil }
        var runs: [FileLock] = []
        let state = try journal.state(of: gate, for: row.id, isLive: isLive)
        guard !state.doubts.isEmpty else { return HeldGate(lock: lock, runs: [], state: state) }
        for run in Set(state.doubts.map(\.run)) {
            // A run that is live settles its own doubts, and needs the gate for that.
            guard let held = try locks.run(run) else { return nil }
            runs.append(held)
        }
        // It may have settled them just now.
        return HeldGate(lock: lock, runs: runs, state: try journal.state(of: gate, for: row.id, isLive: isLive))
    }

    /// Takes a slot, and waits until there is one.
    func takeSlot(_ server: String, of count: Int) async throws -> FileLock {
        var pause = Duration.milliseconds(20)
        while true {
            let (locks, server) = (locks, server)
            if let slot = try await blocking({ try locks.slot(server, of: count) }) { return slot }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(2))
        }
    }

    /// Takes a slot if there is one.
    func slot(_ server: String, of count: Int) -> FileLock? {
        try? locks.slot(server, of: count)
    }
}
