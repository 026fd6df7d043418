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
        /// Runs that were cancelled for it, with what may still run of them: it is not waited for.
        package var replaced: [(row: RunRow, running: [AttemptRow])] = []
        /// Runs of the line that need a person.
        package var held: [RunRow] = []
        /// The run that waited for its turn: it is the next, once this one is over, which goes on first.
        package var next: WaitingRun?
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
        /// The run of the call that is the next, if one that was interrupted goes on before.
        package var next: WaitingRun? { if case .opened(let opened) = self { opened.next } else { nil } }

        /// The run waited for its turn, and another process has closed it: its note says why.
        case closed(RunRow)
        /// The task was cancelled while other runs were waited for. This run waits no longer, and can be resumed.
        case interrupted(RunRow?)
        /// The process of this run died three times: nothing was done, and a person must resume or abandon it first.
        case held(RunRow)
    }

    let journal: Journal
    let locks: LockFolder
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
    ///   - limit: how long other runs are waited for; `nil`: until they have ended.
    ///   - next: the run of the call, if it waits already.
    ///   - waiting: told once of the run that has to end first, and of the own one that waits for its turn.
    package func open(
        _ row: RunRow, _ beginning: RunBeginning, _ policy: NightPolicy, waitingFor limit: Duration? = nil,
        next: WaitingRun? = nil, waiting: (_ first: RunRow, _ own: RunRow?) -> Void = { _, _ in }
    ) async throws -> Outcome {
        let call = Call(row: row, beginning: beginning, policy: policy, hash: Journal.hash(beginning.text))
        let deadline = limit.map { ContinuousClock.now + $0 }
        var pause = Self.firstPause
        var own = next
        var isTold = false
        var cancelled: [String: RunRow] = [:]
        do {
            while true {
                var first: RunRow?
                switch try await look(call, own) {
                case .done(.opened(var opened)):
                    opened.replaced = try cancelled.values.map { ($0, try journal.openAttempts(of: $0.id)) }
                    return .opened(opened)
                case .done(let outcome): return try close(own, for: outcome)
                case .again: pause = Self.firstPause
                case .wait(let row, inTurn: let isInTurn):
                    if isInTurn, own == nil { own = try await join(call) }
                    if let row, let own, policy.overlap == .replace, !row.isWaiting,
                        cancelled.updateValue(row, forKey: row.id) == nil
                    {
                        try journal.send("cancel", to: row.id, by: "run \(own.row.id)", at: .now)
                    }
                    if let row, !isTold { waiting(row, own?.row) }
                    isTold = isTold || row != nil
                    first = row
                }
                let left = deadline.map { $0 - ContinuousClock.now } ?? pause
                guard left > .zero else { return try close(own, for: .outOfTime(first)) }
                try await Task.sleep(for: min(pause, left))
                pause = min(pause * 2, .seconds(1))
            }
        } catch is CancellationError {
            return .interrupted(own?.row)
        }
    }

    private static let firstPause = Duration.milliseconds(20)

    /// What a call of Baton wants to run.
    private struct Call {
        let row: RunRow
        let beginning: RunBeginning
        let policy: NightPolicy
        /// Of the script's text.
        let hash: String
    }

    /// A run that waits for its turn. Its lock shows others that its process lives.
    package struct WaitingRun: Sendable {
        /// Its row.
        package let row: RunRow
        let lock: FileLock
    }

    /// What a look at the line has come to.
    private enum Step {
        case done(Outcome)
        /// Something has changed meanwhile: it is to be decided anew.
        case again
        /// This run has to end first; `nil`: whoever holds the line has not written a row yet.
        case wait(RunRow?, inTurn: Bool)
    }

    /// Looks at the line once, and takes hold of a run if it is time.
    private func look(_ call: Call, _ own: WaitingRun?) async throws -> Step {
        if let own, let row = try journal.run(own.row.id), row.fate != .open { return .done(.closed(row)) }
        let policy = call.policy
        guard let line = try locks.line(call.row.line) else {
            let known = try known(call, own) { try locks.isTaken(run: $0.id) }
            switch policy.decide(known, textHash: call.hash, hasWaited: own != nil, at: .now) {
            case .wait(let live): return .wait(live, inTurn: false)
            case .queue(let first): return .wait(first, inTurn: true)
            case .skip(let live): return .done(.skipped(live))
            case .fail(let live): return .done(.refused(live))
            case .report(let row): return .done(.known(row))
            case .begin, .resume, .held:
                // No row: whoever holds the line has not written one.
                guard !policy.overlap.waits, policy.key == nil else {
                    return .wait(nil, inTurn: policy.overlap.waits && policy.key == nil)
                }
                return .done(policy.overlap == .fail ? .refused(nil) : .skipped(nil))
            }
        }
        // Nobody is live who holds no lock, but some may wait.
        let known = try known(call, own) { try $0.isWaiting && locks.isTaken(run: $0.id) }
        switch policy.decide(known, textHash: call.hash, hasWaited: own != nil, at: .now) {
        case .begin(let abandoning, let held):
            return try await replace(abandoning, policy) { old in
                try begin(call, own, line, try abandon(old), held)
            }
        case .resume(let row, let abandoning):
            // It may have ended by now, or another run settles its doubts.
            return try await replace(abandoning, policy) { old in
                guard var opened = try take(row, line) else { return nil }
                opened.abandoned = try abandon(old)
                opened.next = own
                return .opened(opened)
            }
        case .report(let row): return .done(.known(row))
        case .fail(let row): return .done(.refused(row))
        case .held(let row): return .done(.held(row))
        case .skip(let row): return .done(.skipped(row))
        case .wait(let row): return .wait(row, inTurn: false)
        case .queue(let row): return .wait(row, inTurn: true)
        }
    }

    /// The runs that decide what the call does.
    private func known(
        _ call: Call, _ own: WaitingRun?, isLive: (RunRow) throws -> Bool
    ) throws -> [NightPolicy.Known] {
        let rows = try journal.decisiveRuns(line: call.row.line, key: call.policy.key)
        let place = rows.firstIndex { $0.id == own?.row.id }
        return try rows.enumerated().filter { index, row in
            // Those that came to wait after it wait for it.
            place.map { row.isWaiting ? index > $0 : true } ?? true
        }.map { NightPolicy.Known($0.element, isLive: try $0.element.fate == .open && isLive($0.element)) }
    }

    /// Holds runs that are to be given up, and does something then.
    ///
    /// - Parameter body: returns `nil` if something has changed meanwhile.
    private func replace(
        _ rows: [RunRow], _ policy: NightPolicy, _ body: @escaping @Sendable (OldRuns) throws -> Outcome?
    ) async throws -> Step {
        switch try await grasp(rows) {
        case .held(let old): try await blocking { try body(old) }.map { .done($0) } ?? .again
        case .changed: .again
        case .busy(let row): policy.outcome(ofLive: row).map { .done($0) } ?? .again
        }
    }

    /// Writes the row of a run that waits for its turn.
    ///
    /// - Returns: `nil` if another process holds the lock of the id that was drawn.
    private func join(_ call: Call) async throws -> WaitingRun? {
        var row = call.row
        row.isWaiting = true
        row.began = .now
        row.updated = row.began
        // A row without a lock is that of a dead process: the lock comes first.
        repeat { row.id = Journal.newID() } while try journal.run(row.id) != nil
        guard let lock = try locks.run(row.id) else { return nil }
        let (waiting, replaces) = (row, call.policy.overlap.replacesWaiting)
        let added = try await blocking { try journal.add(waiting, call.beginning, replacesWaiting: replaces) }
        return WaitingRun(row: added, lock: lock)
    }

    /// Closes the run that waited, unless it begins, now or next.
    private func close(_ own: WaitingRun?, for outcome: Outcome) throws -> Outcome {
        guard let own else { return outcome }
        let note: String? =
            switch outcome {
            case .known(let row): "run \(row.id) has done it"
            case .held(let row): "run \(row.id) needs a person first"
            case .refused(let row), .skipped(let row): "run \(row?.id ?? "") is in the way"
            case .outOfTime: "its turn did not come in time (--timeout)"
            case .opened, .closed, .interrupted: nil
            }
        if let note { try journal.close(waiting: own.row.id, note: note, at: .now) }
        return outcome
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

    /// - Returns: `nil` if something has changed meanwhile.
    private func begin(
        _ call: Call, _ own: WaitingRun?, _ line: FileLock, _ abandoned: [(row: RunRow, running: [AttemptRow])],
        _ held: [RunRow]
    ) throws -> Outcome? {
        let row: RunRow
        if let own {
            guard let begun = try journal.begin(waiting: own.row.id, at: .now) else { return nil }
            row = begun
        } else {
            // Nobody knows the id before the row is there, and nobody goes on with a run whose line is held.
            row = try journal.add(call.row, call.beginning)
        }
        var beginning = call.beginning
        beginning.run = row.id
        guard let lock = try own?.lock ?? locks.run(row.id) else { return .skipped(row) }
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
        case .wait, .newest, .replace: nil
        case .fail: .refused(row)
        }
    }
}
