import DataStudio
import Escaping
import Journal
package import Orchestration

/// The locks and pools that blocks of the run take.
extension RunKeeper {
    /// How often a job that keeps a lock is asked for.
    private static let jobInterval = Duration.seconds(5)
    /// Who has waited for a second looks for those who wait for each other, and so often again.
    private static let deadlockInterval = Duration.seconds(5)
    /// A server that does not know a job for so long has forgotten it, as for starts that wait for the workflow.
    private static let missingTime = Duration.seconds(30)

    /// Takes what a block wants to hold, and waits until it is free.
    ///
    /// - Parameters:
    ///   - isWanted: false once it is not to be taken any more.
    ///   - standing: how the job of an attempt stands.
    ///   - waiting: told in words whenever it waits for others than before, if that lasts for a second.
    ///   - failing: told of a block, by its key, that would wait for ever, and why.
    /// - Returns: false if that is the block itself.
    func take(
        _ request: LockRequest, isWanted: @escaping @Sendable () -> Bool, standing: (AttemptRow) async -> JobStanding,
        waiting: (String) -> Void,
        failing: (String, String) -> Void
    ) async throws -> Bool {
        let (journal, run) = (once, row.id)
        let began = ContinuousClock.now
        var missing: [JobIdentity: ContinuousClock.Instant] = [:]
        var (pause, told, looked): (Duration, String, ContinuousClock.Instant?) = (Self.shortestPause, "", nil)
        var nextDeadlockLook = began + .seconds(1)
        while true {
            let findsDeadlocks = .now >= nextDeadlockLook
            if findsDeadlocks { nextDeadlockLook = .now + Self.deadlockInterval }
            let verdict = try await blocking {
                // What is given up is not taken after it was given back.
                guard isWanted() else { throw CancellationError() }
                return try journal.take(
                    request, of: run, at: .now, findsDeadlocks: findsDeadlocks, isLive: self.isLive)
            }
            switch verdict {
            case .taken: return true
            case .deadlock(let key, let rows):
                failing(key, words(ofDeadlock: rows))
                if key == request.key { return false }
            case .waits(let rows):
                let left = rows.filter { $0.state == .left }
                if !left.isEmpty, looked.map({ .now - $0 >= Self.jobInterval }) ?? true {
                    looked = .now
                    if try await endJobs(in: left, standing, &missing) { continue }
                }
                let words = try await blocking { try self.words(for: rows) }
                if words != told, .now - began >= .seconds(1) {
                    told = words
                    waiting(words)
                }
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, Self.longestPause)
        }
    }

    /// Notes which jobs that were started in blocks have ended meanwhile.
    ///
    /// - Parameter missing: since when the server does not know jobs.
    /// - Returns: true if any has.
    private func endJobs(
        in rows: [LockRow], _ standing: (AttemptRow) async -> JobStanding,
        _ missing: inout [JobIdentity: ContinuousClock.Instant]
    ) async throws -> Bool {
        let journal = once
        var isAny = false
        for attempt in try await blocking({ try rows.flatMap { try journal.attempts(in: $0) } }) {
            guard let job = attempt.identity else { continue }
            let standing = await standing(attempt)
            let since = standing == .missing ? missing[job] ?? .now : nil
            missing[job] = since
            guard standing == .over || since.map({ .now - $0 >= Self.missingTime }) == true else { continue }
            try await note(over: GateState.Predecessor(job, of: attempt))
            isAny = true
        }
        return isAny
    }

    /// Who holds it, and what can be done about it.
    private func words(for rows: [LockRow]) throws -> String {
        let holders = rows.filter { $0.state != .waiting }
        guard let first = holders.first else {
            let runs = Set(rows.map(\.run)).sorted().map { "run \($0)" }
            return "\(runs.joined(separator: ", ")) came first"
        }
        let more = holders.count > 1 ? " and \(holders.count - 1) more" : ""
        let place = first.request.place.map { " (\($0))" } ?? ""
        guard first.state == .left else {
            let isLeft = first.run != row.id && !isLive(first.run)
            let needsPerson = isLeft ? try once.run(first.run)?.isHeld == true : false
            let hint =
                needsPerson
                ? ", which needs a decision: baton show \(first.run)"
                : isLeft ? ", which is interrupted: baton resume \(first.run)" : ""
            return "held by run \(first.run)\(place)\(more)\(hint)"
        }
        let attempt = try once.attempts(in: first).first
        let what = attempt?.job.map { "job \($0) of \(attempt?.label ?? "")" } ?? "a start of \(attempt?.label ?? "")"
        return "\(what) may still run, which run \(first.run) has left\(more); if it does not: \(first.unlock)"
    }

    private func words(ofDeadlock rows: [LockRow]) -> String {
        let circle = rows.map { row in
            "\(row.request.title) at \(row.request.place ?? row.request.key)"
                + (row.run == self.row.id ? "" : " of run \(row.run)")
        }
        return "those who wait for each other would wait for ever: \(circle.joined(separator: ", "))"
    }
}

extension LockRow {
    /// The command that gives it back, where a job keeps it.
    package var unlock: String { "baton unlock \(TextFormat.shell.escaped(request.name)) \(run)" }
}
