import DataStudio
import Dispatch
package import Journal
package import Orchestration
import Synchronization

/// What a run has on the disk: its log in the journal, and its locks. Held by the one process that runs it.
package final class RunKeeper: Sendable {
    /// The journal; it waits itself while another process keeps it locked.
    package let journal: Journal
    /// The same journal, tried once: the run waits beside it.
    let once: Journal
    private let waits: Mutex<Waits>
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
    ///   - patience: how long the journal is waited for while another process keeps it locked.
    package init(
        _ journal: Journal, _ row: RunRow, lock: FileLock, line: FileLock? = nil,
        patience: Duration = BusyPatience.usual
    ) {
        self.line = line
        self.journal = journal
        once = journal.with(.none)
        waits = Mutex(Waits(patience: patience))
        self.row = row
        self.lock = lock
        locks = LockFolder(journal.folder)
    }

    /// Does something on the lane, and again while another process keeps the journal locked. In the pauses the lane is
    /// free, and so is the run.
    func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        var wait = BusyWait(limit: waits.withLock(\.patience))
        while true {
            do {
                let value = try await withCheckedThrowingContinuation { continuation in
                    lane.async { continuation.resume(with: Result { try body() }) }
                }
                waits.withLock { $0.isTold = $0.isTold && !wait.isTold }
                return value
            } catch let error as JournalError where error.code == .busy {
                guard let pause = wait.pause(at: .now, until: waits.withLock(\.deadline)) else { throw error }
                if wait.takeNotice(at: .now) { tell(wait.notice(error)) }
                try await Task.sleep(for: pause)
            }
        }
    }

    /// The same for what the run cannot go on without: once the journal was waited for in vain, what is still to be
    /// written at the run's end does not wait again.
    private func writing<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        do {
            return try await blocking(body)
        } catch let error as JournalError where error.code == .busy {
            limitWaits(to: .zero)
            throw error
        }
    }

    // MARK: Waiting for the journal

    /// What waits for a busy journal have in common.
    private struct Waits {
        let patience: Duration
        var deadline: ContinuousClock.Instant?
        var tell: @Sendable (String) -> Void = { _ in }
        var isTold = false
    }

    /// From now on, this is told of a long wait for the journal: once, however many wait.
    func onLongWait(_ tell: @escaping @Sendable (String) -> Void) {
        waits.withLock { $0.tell = tell }
    }

    private func tell(_ notice: String) {
        let tell = waits.withLock { waits in
            defer { waits.isTold = true }
            return waits.isTold ? nil : waits.tell
        }
        tell?(notice)
    }

    /// The journal is not waited for any longer than that from now on: somebody wants the run to be left.
    func limitWaits(to limit: Duration) {
        waits.withLock { $0.deadline = min($0.deadline ?? .now + limit, .now + limit) }
    }

    private let count = Atomic(0)

    /// How many commits there have been.
    package var commits: Int { count.load(ordering: .relaxed) }

    /// Makes it durable.
    ///
    /// - Returns: how many bytes its records take.
    func commit(_ commit: Commit) async throws -> Int {
        let (journal, id) = (once, row.id)
        let bytes = try await writing { try journal.commit(commit, of: id) }
        count.add(1, ordering: .relaxed)
        return bytes
    }

    /// How many bytes the records of the run take.
    func logSize() async throws -> Int {
        let (journal, id) = (once, row.id)
        return try await blocking { try journal.logSize(of: id) }
    }

    /// What earlier lives saw of the run's jobs.
    func sights() async throws -> [Sighting] {
        let (journal, id) = (once, row.id)
        return try await blocking { try journal.sights(of: id) }
    }

    /// What other processes want of the run and have not got.
    func requests() async throws -> [RunRequest] {
        let (journal, id) = (once, row.id)
        return try await blocking { try journal.requests(of: id) }
    }

    /// What may have been started twice in earlier lives, as far as nobody has been told of it at an end.
    func suspicions() async throws -> [String] {
        let (journal, id) = (once, row.id)
        return try await blocking { try journal.suspicions(of: id, sinceRetry: true) }
    }

    /// The last steps of a name, in all runs.
    func history(_ name: String, _ limit: Int = 20) async throws -> [PastStep] {
        let journal = once
        return try await blocking { try journal.durations(title: name, limit: limit) }
    }

    /// The last completed steps of a name in a space of a server that began before.
    func completed(_ name: String, server: String, space: String?, before: Timestamp) async throws -> [PastStep] {
        let journal = once
        return try await blocking { try journal.completed(title: name, server: server, space: space, before: before) }
    }

    /// The run is left, and can be gone on with.
    func note(_ end: RunEnd) async throws {
        let (journal, id, note) = (once, row.id, Self.words(end.doubtful) ?? end.error.map { $0.text })
        guard end.status.isInterruption else {
            guard let note else { return }
            return try await blocking { try journal.note(id, status: end.status, note: note, at: .now) }
        }
        try await blocking { try journal.note(id, status: end.status, signal: end.signal, note: note, at: .now) }
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
        let (journal, id) = (once, row.id)
        let body = verdict.body(serverTime: serverTime)
        // What is written is not written again because the journal is busy when it is read.
        _ = try await writing {
            try journal.append(body, key: doubt.key, attempt: doubt.attempt, to: doubt.run, at: .now)
        }
        return try await blocking { try journal.state(of: gate, for: id, since: nil, isLive: self.isLive) }
    }

    /// Whether a process holds a run.
    func isLive(_ run: String) -> Bool { (try? locks.isTaken(run: run)) ?? false }

    /// Notes that a job in the way is over.
    func note(over other: GateState.Predecessor) async throws {
        let journal = once
        try await blocking { try journal.note(over: other) }
    }

    /// Takes a gate, and waits for it if another run holds it.
    ///
    /// - Parameters:
    ///   - earlier: the last attempt that there was when the run held it before.
    ///   - waiting: told once if that lasts: which run holds it, if that is known.
    func take(_ gate: Gate, since earlier: Int64?, waiting: (String?) -> Void) async throws -> HeldGate {
        let turn = try await LockQueue.shared.turn(locks.path(of: gate))
        return try await untilTaken(
            { try self.tryToTake(gate, turn, since: earlier) }, waiting: { waiting(locks.holder(of: gate)) })
    }

    /// Tries to take what another process holds until it is there: nobody can tell when it lets go.
    ///
    /// - Parameter waiting: called once, when that takes more than a second.
    private func untilTaken<Lock: Sendable>(
        _ attempt: @escaping @Sendable () throws -> Lock?, waiting: () -> Void
    ) async throws -> Lock {
        let began = ContinuousClock.now
        var (pause, isTold) = (Self.shortestPause, false)
        while true {
            if let lock = try await blocking(attempt) { return lock }
            if !isTold, ContinuousClock.now - began >= .seconds(1) {
                isTold = true
                waiting()
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, Self.longestPause)
        }
    }

    /// How often a lock is tried that another process holds.
    static let shortestPause = Duration.milliseconds(20), longestPause = Duration.milliseconds(250)

    private func tryToTake(_ gate: Gate, _ turn: LockQueue.Turn, since earlier: Int64?) throws -> HeldGate? {
        guard let lock = try locks.gate(gate, for: row.id) else { return nil }
        var runs: [FileLock] = []
        var state = try once.state(of: gate, for: row.id, since: earlier, isLive: isLive)
        for run in Set(state.doubts.map(\.run)) {
            // A run that is live settles its own doubts, and needs the gate for that.
            guard let held = try locks.run(run) else { return nil }
            runs.append(held)
        }
        if !runs.isEmpty {
            // They may have settled them just now.
            state = try once.state(of: gate, for: row.id, since: earlier, isLive: isLive)
        }
        return HeldGate(gate, lock: lock, runs: runs, turn: turn, state: state)
    }

    /// Takes a slot, and waits until there is one.
    ///
    /// - Parameter waiting: told once if that lasts: which runs hold the slots, as far as that is known.
    func takeSlot(_ server: String, of count: Int, waiting: ([String]) -> Void) async throws -> FileLock {
        let turn = try await LockQueue.shared.turn("slots of \(server)")
        defer { withExtendedLifetime(turn) {} }
        let (locks, run) = (locks, row.id)
        return try await untilTaken(
            { try locks.slot(server, of: count, for: run) },
            waiting: { waiting(locks.holders(ofSlots: count, on: server).filter { $0 != run }) })
    }

    /// Takes a slot if there is one.
    func slot(_ server: String, of count: Int) -> FileLock? {
        try? locks.slot(server, of: count, for: row.id)
    }
}
