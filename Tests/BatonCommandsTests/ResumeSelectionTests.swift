import DataStudio
import Orchestration
import Testing

@testable import BatonCommands

/// Which runs `baton resume --all` resumes, in which order, and how many at a time.
@Suite struct ResumeSelectionTests {
    private static let now = Timestamp(milliseconds: 1_772_337_906_000)
    private static let hour = 3600

    private func row(_ id: String, began hours: Int = 1, line: String? = nil, note: String? = nil) -> RunRow {
        var row = RunRow(
            id: id, line: line ?? id, path: "/n.lua", script: "n.lua", textHash: "", server: "s",
            began: Self.now + .seconds(-hours * Self.hour))
        row.note = note
        return row
    }

    private func candidate(
        _ id: String, began: Int, lastRecord: Int, within: Int = 6, note: String? = nil
    ) -> ResumeSelection.Candidate {
        ResumeSelection.Candidate(
            row: row(id, began: began, note: note), lastRecord: Self.now + .seconds(-lastRecord * Self.hour),
            within: .seconds(within * Self.hour))
    }

    @Test func `the age of the last record decides, and the oldest run comes first`() {
        let selection = ResumeSelection(
            [
                candidate("new", began: 1, lastRecord: 1), candidate("long", began: 100, lastRecord: 5),
                candidate("limit", began: 6, lastRecord: 6), candidate("dead", began: 240, lastRecord: 240),
                candidate("allowed", began: 240, lastRecord: 239, within: 240),
            ], at: Self.now)
        #expect(selection.resumed.map(\.id) == ["allowed", "long", "new"])
        #expect(selection.passedOver.map(\.row.id) == ["dead", "limit"])
    }

    @Test func `a run that is too old is told of once, until something happens to it`() throws {
        for note in [nil, "the server could not be reached"] {
            var old = candidate("old", began: 10, lastRecord: 10, note: note)
            #expect(ResumeSelection([old], at: Self.now).passedOver.count == 1)
            var row = old.row
            row.note = row.passedOverNote
            #expect(try #require(row.note).hasPrefix(note ?? "too old"))
            old = ResumeSelection.Candidate(row: row, lastRecord: old.lastRecord, within: old.within)
            let again = ResumeSelection([old], at: Self.now)
            #expect(again.passedOver.isEmpty && again.resumed.isEmpty)
            // Who asks for older ones gets it all the same.
            let asked = ResumeSelection.Candidate(row: row, lastRecord: old.lastRecord, within: .seconds(99 * 3600))
            #expect(ResumeSelection([asked], at: Self.now).resumed.map(\.id) == ["old"])
        }
    }

    @Test(arguments: [
        (0, 1), (64, 1), (72, 1), (80, 2), (127, 7), (128, 8), (1024, 8), (65_536, 8), (Int.max, 8),
    ])
    func `no more runs at a time than the descriptors are for`(descriptors: Int, count: Int) {
        #expect(ResumeQueue.mostAtOnce(descriptors: descriptors) == count)
    }

    @Test func `the others wait for their turn, and each comes once`() {
        var queue = ResumeQueue((0..<20).map { row("r\($0)") }, mostAtOnce: 3)
        var running: [RunRow] = []
        var begun: [String] = []
        while true {
            while let row = queue.next() {
                running.append(row)
                begun.append(row.id)
            }
            #expect(running.count <= 3)
            guard let ended = running.popLast() else { break }
            queue.ended(ended)
        }
        #expect(begun == (0..<20).map { "r\($0)" })
    }

    @Test func `two runs of a lock name are never resumed at the same time`() {
        var queue = ResumeQueue(
            [row("a1", line: "a"), row("a2", line: "a"), row("a3", line: "a"), row("b1", line: "b")], mostAtOnce: 8)
        /// All that may be resumed now.
        func begun() -> [RunRow] {
            var rows: [RunRow] = []
            while let row = queue.next() { rows.append(row) }
            return rows
        }
        let first = begun()
        #expect(first.map(\.id) == ["a1", "b1"])
        queue.ended(first[0])
        #expect(begun().map(\.id) == ["a2"])
        queue.ended(first[1])
        #expect(begun().isEmpty)
    }
}
