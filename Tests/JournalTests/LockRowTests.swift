import DataStudio
import Journal
import Orchestration
import Testing

/// What blocks of runs hold, as the journal keeps it.
@Suite struct LockRowTests {
    private static let now = Timestamp(milliseconds: 1_772_337_906_000)

    private func take(_ name: String, _ journal: Journal, _ run: RunRow) throws -> LockVerdict {
        try journal.take(
            LockRequest(name: name, size: 1, key: "lock#1/block#1", place: nil), of: run.id, at: Self.now,
            findsDeadlocks: false, isLive: { _ in true })
    }

    private func rows(_ journal: Journal) throws -> [String] {
        try journal.allLocks().map { "\($0.request.name) \($0.state)" }
    }

    @Test func `by an edited script the block at a place has another lock`() throws {
        let journal = try Place().open()
        let run = try journal.begin()
        #expect(try take("two", journal, run) == .taken)
        #expect(try take("one", journal, run) == .taken)
        #expect(try rows(journal) == ["one held"])
    }

    @Test func `what the former text has left running keeps its lock`() throws {
        let journal = try Place().open()
        let run = try journal.begin()
        #expect(try take("two", journal, run) == .taken)
        let start = Record(
            sequence: 2, key: "lock#1/block#1/execute#1", attempt: 1, at: Self.now, body: Record.intent(2).body)
        try journal.commit(Commit(records: [start]), of: run.id)
        #expect(try take("one", journal, run) == .taken)
        #expect(try rows(journal) == ["one held", "two left"])
        let other = try journal.begin()
        #expect(try take("two", journal, other) != .taken)
    }
}
