import DataStudio
import GRDB
import Orchestration
import Synchronization
import Testing

@testable import Journal

/// Forgetting many runs, or long ones, in the way of nobody.
@Suite struct PruneTests {
    // GRDB has a type of that name as well.
    private typealias Record = Orchestration.Record

    private static let began = Timestamp(milliseconds: 1_772_337_906_000)
    private static let later = began + .seconds(100 * 86_400)

    private func end(_ run: RunRow, _ journal: Journal) throws {
        try journal.append(.ended(.succeeded), key: "", attempt: 1, to: run.id, at: run.began)
    }

    @Test func `many runs are forgotten in many transactions, and others write between them`() throws {
        let place = Place()
        let journal = try place.open()
        try journal.makeUndurable()
        for _ in 0..<250 { try end(journal.begin(Self.began), journal) }
        let kept = try journal.begin(Self.later)
        let other = try Journal(place.folder, patience: .none)
        let counts = Mutex<[Int]>([])
        let failures = Mutex<[String]>([])
        journal.queue.writeWithoutTransaction { database in
            database.trace { event in
                guard case .statement(let statement) = event, statement.sql.hasPrefix("BEGIN IMMEDIATE") else { return }
                do {
                    // Nobody holds the lock now.
                    try other.note(kept.id, status: nil, note: "written")
                    let count = try other.runs().count
                    counts.withLock { $0.append(count) }
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
        }
        #expect(try journal.prune(before: Self.later, now: Self.later) == 250)
        journal.queue.writeWithoutTransaction { $0.trace(options: []) }
        let failed = failures.withLock(\.self)
        #expect(failed.isEmpty)
        let seen = counts.withLock(\.self)
        #expect(seen.count >= 3)
        #expect(zip(seen, seen.dropFirst()).allSatisfy { $0 - $1 <= 100 }, "\(seen)")
        #expect(try journal.runs().map(\.id) == [kept.id])
    }

    /// A run with a log that is forgotten in several transactions.
    private func addLongRun(_ journal: Journal) throws -> RunRow {
        let run = try journal.begin(Self.began)
        var records: [Record] = []
        for number in 0..<300 {
            records.append(.intent(2 + 2 * number, 1 + number))
            records.append(void(3 + 2 * number, 1 + number))
        }
        let timers = (602...2000).map { number in
            Record(
                sequence: number, key: "sleep#\(number)", attempt: 1, at: Self.began, body: .fired(.sleep, state: nil))
        }
        try journal.commit(Commit(records: records + timers), of: run.id)
        try end(run, journal)
        return run
    }

    private func void(_ sequence: Int, _ attempt: Int) -> Record {
        Record(
            sequence: sequence, key: "execute#1", attempt: attempt, at: Self.began, body: .void(reason: "refused"))
    }

    @Test func `a long log is forgotten from its end, and what is left after a death cannot be retried`() throws {
        // A process dies at each transaction in turn.
        for transaction in 1... {
            let left = Mutex<Int?>(nil)
            let journal = try Journal.inMemory {
                left.withLock { left in
                    guard let count = left else { return false }
                    left = count - 1
                    return count <= 1
                }
            }
            let run = try addLongRun(journal)
            left.withLock { $0 = transaction }
            do {
                _ = try journal.prune(before: Self.later, now: Self.later)
                #expect(transaction > 5, "it was forgotten at once")
                #expect(try journal.runs().isEmpty && journal.log(of: run.id).isEmpty)
                return
            } catch {
                left.withLock { $0 = nil }
                if let row = try journal.run(run.id) {
                    let log = try journal.log(of: run.id)
                    #expect(log.map(\.sequence) == Array(1...log.count))
                    #expect(row.fate == (log.count == 2001 && transaction == 1 ? .ended : .abandoned))
                }
                _ = try journal.prune(before: Self.later, now: Self.later)
                #expect(try journal.run(run.id) == nil)
                #expect(try journal.allAttempts().isEmpty)
            }
        }
    }

    @Test func `texts that no run has are forgotten, and the file becomes shorter`() throws {
        let place = Place()
        let journal = try place.open()
        try journal.makeUndurable()
        let kept = try add("execute 'kept'", journal)
        for number in 0..<150 {
            let row = try add("execute 'a' -- \(number)" + String(repeating: "x", count: 5000), journal)
            try end(row, journal)
        }
        func scripts() throws -> Int {
            try journal.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM scripts") ?? 0 }
        }
        func pages() throws -> Int { try journal.read { try Int.fetchOne($0, sql: "PRAGMA page_count") ?? 0 } }
        let before = try pages()
        #expect(try scripts() == 151)
        #expect(try journal.prune(before: Self.later, now: Self.later) == 150)
        #expect(try scripts() == 1)
        #expect(try journal.beginning(of: kept.id)?.text == "execute 'kept'")
        #expect(try pages() < before / 2)
    }

    private func add(_ text: String, _ journal: Journal) throws -> RunRow {
        let row = RunRow(
            id: "", line: "l", path: "/t.lua", script: "t.lua", textHash: "", server: "s",
            began: text.contains("kept") ? Self.later : Self.began)
        return try journal.add(row, RunBeginning(script: "t.lua", text: text, seed: 1))
    }
}
