import DataStudio
import Dispatch
package import Journal
package import Orchestration

/// Decides which run a call of Baton is about, and takes hold of it: a new one, or one that goes on.
package struct RunOpening: Sendable {
    /// The run that was taken hold of.
    package struct Opened: Sendable {
        /// Holds the run.
        package let keeper: RunKeeper
        /// What it was begun with.
        package var beginning: RunBeginning
        /// Its log so far; `nil` for one that begins.
        package let log: [Record]?
        /// Runs that were given up for it, with what may still run of them.
        package var abandoned: [(row: RunRow, running: [AttemptRow])] = []
        /// Runs of the line that need a person.
        package var held: [RunRow] = []
    }

    /// What came of it.
    package enum Outcome: Sendable {
        case opened(Opened)
        /// A live run is in the way: nothing was done.
        case skipped(RunRow?)
        /// The run of that key has ended, or needs a person: it is its result that counts.
        case known(RunRow)
        /// A run is in the way, and the options say that this is a failure.
        case refused(RunRow?)
        /// This live run, or one without a row, was waited for as long as that may take.
        case outOfTime(RunRow?)
        /// The process of this run died three times: nothing was done, and a person must resume or abandon it first.
        case held(RunRow)
    }

    private let journal: Journal
    private let locks: LockFolder
    private let lockPatience: Duration

    /// How long the locks of runs that are given up are waited for, unless another time is given. Commands hold such a
    /// lock for milliseconds; a run that looks for a start of the old one holds it for as long as that takes.
    package static let usualLockPatience = Duration.seconds(5)

    /// In that journal.
    ///
    /// - Parameter lockPatience: how long the locks of runs that are given up are waited for.
    package init(_ journal: Journal, lockPatience: Duration = usualLockPatience) {
        self.journal = journal
        self.lockPatience = lockPatience
        locks = LockFolder(journal.folder)
    }

    /// Runs a line.
    ///
    /// - Parameters:
    ///   - row: of the run that is begun if one is.
    ///   - policy: what to do about earlier runs.
    ///   - limit: how long a live run is waited for; `nil`: until it has ended.
    ///   - waiting: told once of the run that has to end first.
    package func open(
        _ row: RunRow, _ beginning: RunBeginning, _ policy: NightPolicy, waitingFor limit: Duration? = nil,
        waiting: (RunRow) -> Void = { _ in }
    ) async throws -> Outcome {
        let deadline = limit.map { ContinuousClock.now + $0 }
        var pause = Duration.milliseconds(20)
        var isTold = false
        let hash = Journal.hash(beginning.text)
        while true {
            if let line = try locks.line(row.line) {
                let known = try journal.decisiveRuns(line: row.line, key: policy.key).map { NightPolicy.Known($0) }
                switch policy.decide(known, textHash: hash, at: .now) {
                case .begin(let abandoning, let held):
                    switch try await grasp(abandoning) {
                    case .held(let old):
                        return try await blocking { try begin(row, beginning, line, try abandon(old), held) }
                    case .changed: break
                    case .busy(let busy): if let outcome = policy.outcome(ofLive: busy) { return outcome }
                    }
                    try await Task.sleep(for: pause)
                    continue
                case .resume(let row, let abandoning):
                    switch try await grasp(abandoning) {
                    case .held(let old):
                        let opened = try await blocking {
                            var opened = try take(row, line)
                            if opened != nil { opened?.abandoned = try abandon(old) }
                            return opened
                        }
                        if let opened { return .opened(opened) }
                    // It has ended by now, or another run settles its doubts.
                    case .changed: break
                    case .busy(let busy): if let outcome = policy.outcome(ofLive: busy) { return outcome }
                    }
                    try await Task.sleep(for: pause)
                    continue
                case .report(let row): return .known(row)
                case .fail(let row): return .refused(row)
                case .held(let row): return .held(row)
                // Nobody is live who holds no lock.
                case .wait, .skip: return .skipped(nil)
                }
            }
            // The newest is the one that holds the line; one that has just begun may have no row yet.
            let live = try journal.runs(line: row.line, limit: 1).first
            let known = [live].compactMap { $0 }.map { NightPolicy.Known($0, isLive: true) }
            switch policy.decide(known, textHash: hash, at: .now) {
            case .wait:
                if let live, !isTold {
                    waiting(live)
                    isTold = true
                }
            case .skip: return .skipped(live)
            case .fail: return .refused(live)
            case .begin, .resume, .report, .held:
                // No row: whoever holds the line has not written one.
                guard policy.overlap != .wait, policy.key == nil else { break }
                return policy.overlap == .fail ? .refused(nil) : .skipped(nil)
            }
            let left = deadline.map { $0 - ContinuousClock.now } ?? pause
            guard left > .zero else { return .outOfTime(live) }
            try await Task.sleep(for: min(pause, left))
            pause = min(pause * 2, .seconds(1))
        }
    }

    /// Goes on with a run.
    ///
    /// - Returns: `nil` if a process holds it.
    package func resume(_ row: RunRow) async throws -> Opened? {
        try await blocking {
            guard let line = try locks.line(row.line) else { return nil }
            return try take(row, line)
        }
    }

    /// Goes on with a run differently: with one that has ended, or with another text of the script.
    ///
    /// - Parameters:
    ///   - log: of which the plan was made.
    ///   - revision: the other texts.
    /// - Returns: `nil` if a process holds it, or has gone on with it.
    package func retry(
        _ row: RunRow, _ retrial: Retrial, after log: [Record], revision: RunBeginning? = nil
    ) async throws -> Opened? {
        try await blocking {
            guard let line = try locks.line(row.line), let lock = try locks.run(row.id),
                try journal.run(row.id)?.fate == row.fate,
                try journal.log(of: row.id, after: log.last?.sequence ?? 0).isEmpty
            else { return nil }
            try journal.retry(retrial, revision: revision, of: row.id, at: .now)
            return try takeUp(row.id, line, lock)
        }
    }

    /// The journal may have to be waited for: other runs of this process go on meanwhile.
    private func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try body() }) }
        }
    }

    /// Does something to a run that no process holds.
    ///
    /// - Returns: `nil` if one does.
    package func whileHeld<Value>(_ row: RunRow, _ body: () throws -> Value) throws -> Value? {
        guard let lock = try locks.run(row.id) else { return nil }
        defer { withExtendedLifetime(lock) {} }
        return try body()
    }

    /// True if a process holds the run.
    package func isLive(_ row: RunRow) -> Bool {
        row.fate == .open && (try? locks.isTaken(run: row.id)) == true
    }

    /// How a run stands, in a word.
    package func state(of row: RunRow) -> String {
        switch row.fate {
        case .ended: row.status?.rawValue ?? "ended"
        case .abandoned: "abandoned"
        case .open where isLive(row): "running"
        case .open where row.isHeld: "held"
        case .open: "interrupted"
        }
    }

    private func begin(
        _ row: RunRow, _ beginning: RunBeginning, _ line: FileLock,
        _ abandoned: [(row: RunRow, running: [AttemptRow])], _ held: [RunRow]
    ) throws -> Outcome {
        // Nobody knows the id before the row is there, and nobody goes on with a run whose line is held.
        let row = try journal.add(row, beginning)
        var beginning = beginning
        beginning.run = row.id
        guard let lock = try locks.run(row.id) else { return .skipped(row) }
        return .opened(
            Opened(
                keeper: RunKeeper(journal, row, lock: lock, line: line), beginning: beginning, log: nil,
                abandoned: abandoned, held: held))
    }

    private func take(_ row: RunRow, _ line: FileLock) throws -> Opened? {
        guard let lock = try locks.run(row.id) else { return nil }
        return try takeUp(row.id, line, lock)
    }

    private func takeUp(_ id: String, _ line: FileLock, _ lock: FileLock) throws -> Opened? {
        // Somebody may have ended it in the meantime.
        guard let row = try journal.run(id), row.fate == .open else { return nil }
        guard var beginning = try journal.beginning(of: row.id) else { return nil }
        let log = try journal.log(of: row.id)
        if case .began(let part)? = log.first?.body { beginning.part = part.part }
        try journal.takeUp(row.id, at: .now)
        // Where its process died before it began, it begins now.
        return Opened(
            keeper: RunKeeper(journal, row, lock: lock, line: line), beginning: beginning, log: log.isEmpty ? nil : log)
    }

    // MARK: Giving up

    /// Runs that are to be given up, with their locks.
    private struct OldRuns {
        var rows: [RunRow] = []
        var locks: [FileLock] = []
    }

    /// What came of trying to hold runs that are to be given up.
    private enum Grasp {
        /// All of them are held.
        case held(OldRuns)
        /// What the journal says of one of them has changed meanwhile: it is to be decided anew what becomes of them.
        case changed
        /// Somebody holds this one, for longer than it is waited for.
        case busy(RunRow)
    }

    /// Holds all runs that are to be given up, waiting for their locks: one that was passed over would be resumed later,
    /// beside the run that took its place.
    private func grasp(_ rows: [RunRow]) async throws -> Grasp {
        let deadline = ContinuousClock.now + lockPatience
        var pause = Duration.milliseconds(10)
        var old = OldRuns()
        for row in rows {
            var lock = try locks.run(row.id)
            while lock == nil, ContinuousClock.now < deadline {
                try await Task.sleep(for: pause)
                pause = min(pause * 2, .milliseconds(200))
                lock = try locks.run(row.id)
            }
            guard let lock else { return .busy(row) }
            old.rows.append(row)
            old.locks.append(lock)
        }
        for row in rows where try journal.run(row.id) != row { return .changed }
        return .held(old)
    }

    /// Gives up runs that are all held: none of them can be taken up while another is being given up.
    private func abandon(_ old: OldRuns) throws -> [(row: RunRow, running: [AttemptRow])] {
        defer { withExtendedLifetime(old.locks) {} }
        for row in old.rows { try journal.abandon(row.id, note: "a newer run of the same line was begun") }
        return try old.rows.map { ($0, try journal.openAttempts(of: $0.id)) }
    }
}

extension NightPolicy {
    /// What becomes of a call while a process holds a run that would have to be given up; `nil`: it waits.
    fileprivate func outcome(ofLive row: RunRow) -> RunOpening.Outcome? {
        switch overlap {
        case .skip: .skipped(row)
        case .wait: nil
        case .fail: .refused(row)
        }
    }
}
