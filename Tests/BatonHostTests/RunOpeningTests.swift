import BatonHost
import DataStudio
import Foundation
import Journal
import Orchestration
import Testing

/// A run takes the place of older ones when nobody else has them, and of all of them or of none.
@Suite(.timeLimit(.minutes(2))) struct RunOpeningTests {
    private static let line = "night"
    private static let beginning = RunBeginning(script: "night.lua", text: "execute 'a'", seed: 1)

    private static var row: RunRow {
        RunRow(
            id: "", line: line, path: "/night.lua", script: "night.lua", textHash: "", server: "studio", began: .now)
    }

    /// A journal with interrupted runs of the line, oldest first.
    private func makeJournal(_ folder: Folder, runs count: Int) throws -> (Journal, [RunRow]) {
        let journal = try Journal(JournalFolder(folder.path + "/journal"))
        let rows = try (0..<count).map { _ in try journal.add(Self.row, Self.beginning) }
        return (journal, rows)
    }

    private func openRun(
        _ journal: Journal, _ interrupted: NightPolicy.Interrupted, _ overlap: NightPolicy.Overlap = .skip,
        lockPatience: Duration = RunOpening.usualLockPatience
    ) async throws -> RunOpening.Outcome {
        var policy = NightPolicy()
        policy.interrupted = interrupted
        policy.overlap = overlap
        return try await RunOpening(journal, lockPatience: lockPatience).open(Self.row, Self.beginning, policy)
    }

    /// Waits until somebody decides what becomes of the line.
    private func untilLineIsHeld(_ journal: Journal) async throws {
        while try !isLineHeld(journal) { try await Task.sleep(for: .milliseconds(1)) }
    }

    private func isLineHeld(_ journal: Journal) throws -> Bool {
        try FileLock.isTaken("\(journal.folder.locks)/line-\(Journal.hash(Self.line).prefix(24))")
    }

    @Test func `a live run is waited for as long as that may take, and no longer`() async throws {
        let folder = try Folder()
        let (journal, _) = try makeJournal(folder, runs: 0)
        let line = try LockFolder(journal.folder).line(Self.line)
        try #require(line != nil)
        var policy = NightPolicy()
        policy.overlap = .wait
        let began = ContinuousClock.now
        let outcome = try await RunOpening(journal).open(
            Self.row, Self.beginning, policy, waitingFor: .milliseconds(300))
        guard case .outOfTime(nil) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(ContinuousClock.now - began >= .milliseconds(300))
        withExtendedLifetime(line) {}
    }

    @Test(arguments: [NightPolicy.Interrupted.abandon, .resume])
    func `a run whose lock is held for a moment is given up all the same`(
        interrupted: NightPolicy.Interrupted
    ) async throws {
        let folder = try Folder()
        let (journal, rows) = try makeJournal(folder, runs: 2)
        // As `baton resolve` has it while it writes.
        var lock = try LockFolder(journal.folder).run(rows[0].id)
        try #require(lock != nil)
        async let opening = openRun(journal, interrupted)
        try await untilLineIsHeld(journal)
        lock = nil
        guard case .opened(let opened) = try await opening else {
            Issue.record("nothing was opened")
            return
        }
        let expected = interrupted == .abandon ? Set(rows.map(\.id)) : [rows[0].id]
        #expect(Set(opened.abandoned.map(\.row.id)) == expected)
        for row in rows {
            #expect(try journal.run(row.id)?.fate == (expected.contains(row.id) ? .abandoned : .open))
        }
        #expect((opened.keeper.row.id == rows[1].id) == (interrupted == .resume))
    }

    @Test(arguments: [NightPolicy.Interrupted.abandon, .resume])
    func `while one of them stays with somebody else, none is given up and nothing begins`(
        interrupted: NightPolicy.Interrupted
    ) async throws {
        let folder = try Folder()
        let (journal, rows) = try makeJournal(folder, runs: 3)
        let lock = try LockFolder(journal.folder).run(rows[1].id)
        try #require(lock != nil)
        let outcome = try await openRun(journal, interrupted, lockPatience: .milliseconds(50))
        guard case .skipped(let live) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(live?.id == rows[1].id)
        #expect(try journal.runs(line: Self.line) == Array(rows.reversed()), "they are as they were")
        let refused = try await openRun(journal, interrupted, .fail, lockPatience: .milliseconds(50))
        guard case .refused(let row) = refused else {
            Issue.record("\(refused)")
            return
        }
        // A process that another test starts holds locks of this one for an instant, the line's among them.
        #expect(row?.id == rows[1].id || row?.id == rows[2].id)
        withExtendedLifetime(lock) {}
    }

    @Test func `who waits for live runs waits for one that is to be given up, too`() async throws {
        let folder = try Folder()
        let (journal, rows) = try makeJournal(folder, runs: 1)
        var lock = try LockFolder(journal.folder).run(rows[0].id)
        try #require(lock != nil)
        async let opening = openRun(journal, .abandon, .wait, lockPatience: .milliseconds(50))
        try await untilLineIsHeld(journal)
        // It has waited as long as it waits for locks, and begins again.
        while try isLineHeld(journal) { try await Task.sleep(for: .milliseconds(1)) }
        lock = nil
        guard case .opened(let opened) = try await opening else {
            Issue.record("nothing was opened")
            return
        }
        #expect(opened.abandoned.map(\.row.id) == [rows[0].id])
    }

    @Test func `a run that died three times stays in the way, and is left as it is`() async throws {
        let folder = try Folder()
        let (journal, rows) = try makeJournal(folder, runs: 1)
        for _ in 0..<3 { try journal.takeUp(rows[0].id, at: Timestamp(milliseconds: 1_772_337_907_000)) }
        let outcome = try await RunOpening(journal).open(Self.row, Self.beginning, NightPolicy())
        guard case .held(let row) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(row.id == rows[0].id)
        #expect(try journal.runs(line: Self.line) == [row])
        guard case .opened(let opened) = try await openRun(journal, .abandon) else {
            Issue.record("nothing was opened")
            return
        }
        #expect(opened.abandoned.map(\.row.id) == [row.id])
    }
}
