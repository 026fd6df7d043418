import BatonHost
import Foundation
import Journal
import Orchestration

/// Goes on with runs that are in the journal.
struct RunContinuation {
    let desk: RunDesk
    private let output: OutputOptions
    private let name: String?
    private let isUnattended: Bool

    /// - Parameters:
    ///   - name: the run's, in front of its lines, where others are told of at the same time.
    ///   - isUnattended: true if nobody asked for the runs that go on.
    init(_ desk: RunDesk, _ output: OutputOptions, name: String? = nil, isUnattended: Bool = false) {
        self.isUnattended = isUnattended
        self.desk = desk
        self.output = output
        self.name = name
    }

    /// Goes on with an interrupted run.
    func resume(_ row: RunRow) async throws -> Int32 {
        try await resumeUnlessHeld(row) ?? busy(row, session(desk.configuration(for: row)))
    }

    /// The same where nobody asked for this run.
    ///
    /// - Returns: `nil` if a process holds it, or another run of its line: also one that has just begun it.
    func resumeUnlessHeld(_ row: RunRow) async throws -> Int32? {
        let session = session(try desk.configuration(for: row))
        guard let opened = try await desk.opening.resume(row) else { return nil }
        return try await session.run(opened)
    }

    /// Goes on with a run differently.
    ///
    /// - Parameter words: what the retry does, for people: reported once the run is held.
    func retry(
        _ row: RunRow, _ retrial: Retrial, words: [String], after log: [Record], revision: RunBeginning? = nil
    ) async throws -> Int32 {
        let configuration = try desk.configuration(for: row)
        let session = session(configuration)
        guard let opened = try await desk.opening.retry(row, retrial, after: log, revision: revision) else {
            return busy(row, session)
        }
        for line in words { session.renderer.note(line) }
        return try await session.run(opened)
    }

    func note(_ text: String) { output.renderer(LogSettings(), name: name).note(text) }

    private func session(_ configuration: BatonConfiguration) -> RunSession {
        var session = RunSession(configuration, output, name: name)
        session.isUnattended = isUnattended
        return session
    }

    private func busy(_ row: RunRow, _ session: RunSession) -> Int32 {
        let live = ((try? desk.opening.holder(ofLineOf: row)) ?? nil)?.id ?? row.id
        let words = live == row.id ? "" : ": run \(row.id) can go on when it has ended"
        session.renderer.note(
            "run \(live) is in progress\(words).", Advice("To follow it:", "baton watch \(live)"), code: 6)
        return 6
    }
}
