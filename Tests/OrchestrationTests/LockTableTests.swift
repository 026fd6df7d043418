import DataStudio
import Orchestration
import Testing

/// The rules of locks, over several runs.
@Suite struct LockTableTests {
    private func row(
        _ run: String, _ key: String, _ name: String, size: Int = 1, since: Int64 = 0, turn: Int64? = nil,
        _ state: LockRow.State
    ) -> LockRow {
        LockRow(
            run: run, LockRequest(name: name, size: size, key: key, place: "\(run).lua:1"),
            since: Timestamp(milliseconds: since), turn: turn, state: state)
    }

    private func verdict(_ rows: [LockRow], live: Set<String> = ["a", "b", "c"]) -> LockVerdict {
        LockTable(rows) { live.contains($0) }.verdict(for: rows[0])
    }

    @Test func `the smallest size of those who hold it and of who comes counts`() {
        let own = row("a", "x", "p", size: 3, turn: 5, .waiting)
        let two = [row("b", "x", "p", size: 3, .held), row("c", "x", "p", size: 3, .held)]
        #expect(verdict([own] + two) == .taken)
        #expect(
            verdict([own, row("b", "x", "p", size: 2, .held), two[1]])
                == .waits(for: [row("b", "x", "p", size: 2, .held), two[1]]))
        #expect(verdict([row("a", "x", "p", size: 2, turn: 5, .waiting)] + two) == .waits(for: two))
    }

    @Test func `who came first comes first, unless its process has died; what a dead run holds stays held`() {
        let own = row("a", "x", "w", turn: 5, .waiting)
        let first = row("b", "x", "w", turn: 4, .waiting)
        #expect(verdict([own, first]) == .waits(for: [first]))
        #expect(verdict([own, first], live: ["a"]) == .taken)
        #expect(verdict([own, row("b", "x", "w", turn: 6, .waiting)]) == .taken)
        // It waits behind another of its own run, and does not count by itself.
        #expect(verdict([own, row("b", "x", "w", .waiting)]) == .taken)
        for state in [LockRow.State.held, .left] {
            #expect(verdict([own, row("b", "x", "w", state)], live: ["a"]) == .waits(for: [row("b", "x", "w", state)]))
        }
        #expect(verdict([own, row("b", "x", "other", .held)]) == .taken)
    }

    /// Runs that hold one lock each and want the next one's.
    private func circle(_ count: Int) -> [LockRow] {
        (0..<count).flatMap { number in
            [
                row("r\(number)", "k", "n\(number)", since: 0, .held),
                row("r\(number)", "k/x", "n\((number + 1) % count)", since: Int64(number), turn: 1, .waiting),
            ]
        }
    }

    @Test(arguments: [2, 3, 20]) func `of a circle the last to begin gives way, and no other`(count: Int) {
        let table = LockTable(circle(count)) { _ in true }
        for number in 0..<count {
            let verdict = table.deadlock(in: "r\(number)", of: "n\((number + 1) % count)")
            guard number == count - 1 else {
                #expect(verdict == nil)
                continue
            }
            guard case .deadlock(let key, let rows)? = verdict else {
                Issue.record("no deadlock of \(count)")
                continue
            }
            #expect(key == "k/x" && rows.count == count)
        }
    }

    @Test func `nobody gives way for who is only behind a circle, nor where somebody may still go on`() {
        var rows = circle(2)
        let behind = row("r9", "k", "n0", since: 99, turn: 9, .waiting)
        #expect(LockTable(rows + [behind]) { _ in true }.deadlock(in: "r9", of: "n0") == nil)
        #expect(LockTable(rows + [behind]) { _ in true }.deadlock(in: "r1", of: "n0") != nil)
        // A run that no process holds may be resumed.
        #expect(LockTable(rows) { $0 == "r1" }.deadlock(in: "r1", of: "n0") == nil)
        // A place of a pool that somebody else will leave.
        rows[0] = row("r0", "k", "n0", size: 2, .held)
        rows[3] = row("r1", "k/x", "n0", size: 2, since: 1, turn: 1, .waiting)
        #expect(LockTable(rows) { _ in true }.deadlock(in: "r1", of: "n0") == nil)
        rows.append(row("r8", "k", "n0", size: 2, .held))
        #expect(LockTable(rows) { _ in true }.deadlock(in: "r1", of: "n0") == nil)
        rows.append(row("r8", "k/x", "n1", since: 0, turn: 2, .waiting))
        #expect(LockTable(rows) { _ in true }.deadlock(in: "r1", of: "n0") != nil)
    }
}
