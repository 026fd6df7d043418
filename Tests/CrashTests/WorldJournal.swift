import DataStudio
import Journal
import Orchestration
import Synchronization

/// The journal itself, on SQLite in memory, with commits that fail and backups that are restored; and what the judge has to
/// see of it.
final class WorldJournal {
    /// A run as the judge sees it: its log as it was written, and its row as the journal has it.
    struct Run {
        let line: Int
        var log: [Record] = []
        /// The part of the run that goes on.
        var part: [Record] {
            get { Array(log.currentPart) }
            set { log.replaceSubrange(log.currentPart.indices, with: newValue) }
        }
        /// The logs of all parts.
        var parts: [[Record]] {
            let starts = log.indices.filter { if case .began = log[$0].body { true } else { false } }
            return zip(starts, starts.dropFirst() + [log.endIndex]).map { Array(log[$0..<$1]) }
        }
        var fate = RunFate.open
        var status: RunStatus?
    }

    private let empty: Journal
    private var journal: Journal
    private(set) var runs: [String: Run] = [:]
    /// What breaks the rules.
    private(set) var violations: [String] = []
    private var rows: [AttemptRow]?
    private let failing: Failing
    private var backup: (journal: Journal, runs: [String: Run])?
    /// How often an earlier journal was restored: what was written since is forgotten.
    private(set) var restored = 0

    /// Whether the next transaction fails.
    private final class Failing: Sendable {
        let isNext = Atomic(false)
        func take() -> Bool { isNext.exchange(false, ordering: .relaxed) }
    }

    static let server = ServerIdentity(url: "http://studio", environment: "default", key: "…abcd")

    init() throws {
        let failing = Failing()
        self.failing = failing
        // So few that what a process remembers of earlier looks counts.
        empty = try Journal.inMemory(recentJobs: 1) { failing.take() }
        journal = empty
    }

    /// Begins anew: making the tables would take longer than most scenarios.
    func reset() throws {
        failing.isNext.store(false, ordering: .relaxed)
        journal = empty
        try journal.forgetEverything()
        (runs, violations, rows, backup, restored) = ([:], [], nil, nil, 0)
    }

    /// The next transaction fails, as on a full disk.
    func failNext() { failing.isNext.store(true, ordering: .relaxed) }

    /// All attempts.
    var attempts: [AttemptRow] {
        if let rows { return rows }
        let read = (try? journal.allAttempts()) ?? []
        rows = read
        return read
    }

    // MARK: Writing

    func add(_ id: String, line: Int, _ beginning: RunBeginning, at now: Timestamp) throws {
        let row = RunRow(
            id: id, line: "\(line)", path: beginning.script, script: beginning.script, textHash: "", server: "",
            began: now)
        _ = try journal.add(row, beginning)
        runs[id] = Run(line: line)
    }

    /// A process takes the run up.
    ///
    /// - Returns: what it was begun with, its log and what is known of its jobs, as they are read from the database.
    func takeUp(
        _ id: String, at now: Timestamp
    ) throws -> (beginning: RunBeginning?, log: [Record], sights: [Sighting]) {
        try change(id) { try journal.takeUp(id, at: now) }
        let log = try journal.log(of: id)
        if log != runs[id]?.part {
            let place = zip(log, runs[id]?.part ?? []).first { $0 != $1 }.map { "\($0.0)" } ?? "\(log.count) records"
            violations.append("1: the log of run \(id) is not what was written: \(place)")
        }
        return (try journal.beginning(of: id), log, try journal.sights(of: id))
    }

    func commit(_ commit: Commit, of id: String) throws {
        judge(commit.records, of: id)
        try change(id, isRow: commit.records.contains { $0.body.kind == "ended" }) {
            try journal.commit(commit, of: id)
        }
        runs[id]?.log += commit.records
        for record in commit.records { forgetKnown(record, of: id) }
    }

    /// Adds a record that only the one who holds the run may add.
    func append(_ body: RecordBody, key: String, attempt: Int, to id: String, at now: Timestamp) throws {
        let record = try change(id, isRow: false) {
            try journal.append(body, key: key, attempt: attempt, to: id, at: now)
        }
        runs[id]?.log.append(record)
        forgetKnown(record, of: id)
    }

    /// The journal forgets what a start knew of the server's jobs once it is known what became of it.
    private func forgetKnown(_ record: Record, of id: String) {
        switch record.body {
        case .void, .accepted, .ambiguous, .settled, .resolved: break
        default: return
        }
        let index = runs[id]?.log.lastIndex {
            if case .intent = $0.body { $0.key == record.key && $0.attempt == record.attempt } else { false }
        }
        guard let index, let intent = runs[id]?.log[index] else { return }
        runs[id]?.log[index] = intent.knowing([])
    }

    func decide(_ key: String, _ decision: Decision, of id: String, at now: Timestamp) throws {
        try change(id) { try journal.decide(key, decision, of: id, at: now) }
        runs[id]?.part = try journal.log(of: id)
    }

    func resolve(_ key: String, attempt: Int, _ resolution: Resolution, of id: String, at now: Timestamp) throws {
        try change(id) { try journal.resolve(key, attempt: attempt, resolution, by: "a person", of: id, at: now) }
        runs[id]?.part = try journal.log(of: id)
    }

    /// A run goes on differently, with another script if there is one.
    func retry(_ id: String, _ retrial: Retrial, revision: RunBeginning? = nil, at now: Timestamp) throws {
        try change(id) { try journal.retry(retrial, revision: revision, of: id, at: now) }
        runs[id]?.part = try journal.log(of: id)
    }

    func note(_ status: RunStatus, of id: String, at now: Timestamp) {
        try? change(id) { try journal.note(id, status: status, at: now) }
    }

    func abandon(_ id: String) throws { try change(id) { try journal.abandon(id, note: "given up") } }

    func note(over other: GateState.Predecessor) { try? change(other.run) { try journal.note(over: other) } }

    func take(_ request: LockRequest, of id: String, at now: Timestamp, isLive: (String) -> Bool) throws -> LockVerdict
    {
        try journal.take(request, of: id, at: now, findsDeadlocks: true, isLive: isLive)
    }

    func unlock(_ row: LockRow) throws { _ = try journal.unlock(row.request.name, of: row.run, by: "a person") }

    @discardableResult
    private func change<Value>(_ id: String, isRow: Bool = true, _ body: () throws -> Value) throws -> Value {
        defer {
            rows = nil
            if isRow, let row = try? journal.run(id) {
                runs[id]?.fate = row.fate
                runs[id]?.status = row.status
            }
        }
        return try body()
    }

    // MARK: Reading

    func state(of gate: Gate, for run: String, since earlier: Int64?, isLive: (String) -> Bool) throws -> GateState {
        try journal.state(of: gate, for: run, since: earlier, isLive: isLive)
    }

    func attempts(in row: LockRow) throws -> [AttemptRow] { try journal.attempts(in: row) }

    var locks: [LockRow] { (try? journal.allLocks()) ?? [] }

    var profile: ServerProfile { (try? journal.profile(of: Self.server.name)) ?? ServerProfile() }

    /// What earlier runs have learned.
    func begin(with profile: ServerProfile) throws {
        let id = "earlier"
        try add(id, line: -1, RunBeginning(script: "earlier.lua", text: "", seed: 0), at: Timestamp(milliseconds: 0))
        var commit = Commit(records: [
            Record(
                sequence: 1, key: "", attempt: 1, at: Timestamp(milliseconds: 0),
                body: .began(RunBeginning(script: "earlier.lua", text: "", seed: 0))),
            Record(sequence: 2, key: "", attempt: 1, at: Timestamp(milliseconds: 0), body: .ended(.succeeded)),
        ])
        commit.profiles = [Self.server.name: profile]
        try journal.commit(commit, of: id)
        runs[id] = nil
    }

    // MARK: Backups

    func backUp() throws {
        let failing = failing
        backup = (try journal.copy { failing.take() }, runs)
    }

    /// An earlier state comes back.
    ///
    /// - Parameter isSeen: the journal is recognised as one that was restored; else it is a disk that was set back.
    /// - Returns: false if there is none.
    func restore(isSeen: Bool) throws -> Bool {
        guard let backup else { return false }
        journal = backup.journal
        runs = backup.runs
        rows = nil
        restored += 1
        self.backup = nil
        if isSeen { try journal.noteRestored() }
        return true
    }

    // MARK: The judge

    private func judge(_ records: [Record], of id: String) {
        for record in records {
            if runs[id]?.fate == .ended, record.body.kind != "retried" {
                violations.append("12: record \(record.sequence) of run \(id) follows its end")
            }
            guard case .intent = record.body, let row = AttemptRow(run: id, record),
                let earlier = attempts.last(where: { $0.run == id && $0.key == record.key })
            else { continue }
            if earlier.attempt >= row.attempt {
                violations.append("2: \(record.key) of run \(id) has attempt \(row.attempt) twice")
            }
            let isSettled = records.contains {
                $0.key == record.key && $0.attempt == earlier.attempt && $0.body.kind != "intent"
            }
            if earlier.state == .open || earlier.state == .ambiguous, !isSettled {
                violations.append(
                    "3: attempt \(row.attempt) of \(record.key) in run \(id) although \(earlier.attempt) is \(earlier.state)"
                )
            }
        }
    }
}
