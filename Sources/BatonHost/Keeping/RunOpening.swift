import DataStudio
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
    }

    private let journal: Journal
    private let locks: LockFolder

    /// In that journal.
    package init(_ journal: Journal) {
        self.journal = journal
        locks = LockFolder(journal.folder)
    }

    /// Runs a line.
    ///
    /// - Parameters:
    ///   - row: of the run that is begun if one is.
    ///   - policy: what to do about earlier runs.
    package func open(
        _ row: RunRow, _ beginning: RunBeginning, _ policy: NightPolicy
    ) async throws -> Outcome {
        var pause = Duration.milliseconds(20)
        let hash = Journal.hash(beginning.text)
        while true {
            if let line = try locks.line(row.line) {
                let known = try journal.runs(line: row.line).map { NightPolicy.Known($0) }
                switch policy.decide(known, textHash: hash, at: .now) {
                case .begin(let abandoning, let held): return try begin(row, beginning, line, abandoning, held)
                case .resume(let row, let abandoning):
                    if var opened = try take(row, line) {
                        opened.abandoned = try abandon(abandoning)
                        return .opened(opened)
                    }
                    // It has ended by now, or another run settles its doubts.
                    try await Task.sleep(for: pause)
                    continue
                case .report(let row): return .known(row)
                case .fail(let row): return .refused(row)
                // Nobody is live who holds no lock.
                case .wait, .skip: return .skipped(nil)
                }
            }
            // The newest is the one that holds the line; one that has just begun may have no row yet.
            let live = try journal.runs(line: row.line).first
            let known = [live].compactMap { $0 }.map { NightPolicy.Known($0, isLive: true) }
            switch policy.decide(known, textHash: hash, at: .now) {
            case .wait: break
            case .skip: return .skipped(live)
            case .fail: return .refused(live)
            case .begin, .resume, .report:
                // No row: whoever holds the line has not written one.
                guard policy.overlap != .wait, policy.key == nil else { break }
                return policy.overlap == .fail ? .refused(nil) : .skipped(nil)
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(1))
        }
    }

    /// Goes on with a run.
    ///
    /// - Returns: `nil` if a process holds it.
    package func resume(_ row: RunRow) throws -> Opened? {
        guard let line = try locks.line(row.line) else { return nil }
        return try take(row, line)
    }

    /// Goes on with a run differently: with one that has ended, or with another text of the script.
    ///
    /// - Parameters:
    ///   - log: of which the plan was made.
    ///   - revision: the other texts.
    /// - Returns: `nil` if a process holds it, or has gone on with it.
    package func retry(
        _ row: RunRow, _ retrial: Retrial, after log: [Record], revision: RunBeginning? = nil
    ) throws -> Opened? {
        guard let line = try locks.line(row.line), let lock = try locks.run(row.id),
            try journal.run(row.id)?.fate == row.fate, try journal.log(of: row.id, after: log.count).isEmpty
        else { return nil }
        try journal.retry(retrial, revision: revision, of: row.id, at: .now)
        return try takeUp(row.id, line, lock)
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

    private func begin(
        _ row: RunRow, _ beginning: RunBeginning, _ line: FileLock, _ abandoning: [RunRow], _ held: [RunRow]
    ) throws -> Outcome {
        let abandoned = try abandon(abandoning)
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
        guard let beginning = try journal.beginning(of: row.id) else { return nil }
        let log = try journal.log(of: row.id)
        try journal.takeUp(row.id)
        // Where its process died before it began, it begins now.
        return Opened(
            keeper: RunKeeper(journal, row, lock: lock, line: line), beginning: beginning, log: log.isEmpty ? nil : log)
    }

    private func abandon(_ rows: [RunRow]) throws -> [(row: RunRow, running: [AttemptRow])] {
        var abandoned: [(row: RunRow, running: [AttemptRow])] = []
        for row in rows {
            guard let lock = try locks.run(row.id) else { continue }
            defer { withExtendedLifetime(lock) {} }
            try journal.abandon(row.id, note: "a newer run of the same line was begun")
            abandoned.append((row, try journal.openAttempts(of: row.id)))
        }
        return abandoned
    }
}
