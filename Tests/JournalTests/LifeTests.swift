import DataStudio
import Journal
import Orchestration
import Testing

/// The processes that held a run.
@Suite struct LifeTests {
    private func time(_ seconds: Int) -> Timestamp { Timestamp(milliseconds: 1_772_337_906_000) + .seconds(seconds) }

    @Test func `each process that held a run is known, and how it left it`() throws {
        let journal = try Place().open()
        let row = try journal.begin()
        try journal.takeUp(row.id, at: time(10))
        try journal.note(row.id, status: .detached, at: time(20))
        // Nobody holds it: somebody has said something.
        try journal.note(row.id, status: .resolved)
        try journal.takeUp(row.id, at: time(30))
        let end = Record(sequence: 2, key: "", attempt: 1, at: time(40), body: .ended(.succeeded))
        try journal.commit(Commit(records: [end]), of: row.id)
        #expect(
            try journal.lives(of: row.id) == [
                RunLife(number: 1, began: row.began, ended: nil, status: nil),
                RunLife(number: 2, began: time(10), ended: time(20), status: .detached),
                RunLife(number: 3, began: time(30), ended: time(40), status: .succeeded),
            ])
    }

    @Test func `of a run that is resumed again and again the last hundred are kept`() throws {
        let journal = try Place().open()
        let row = try journal.begin()
        for number in 1..<250 { try journal.takeUp(row.id, at: time(number)) }
        #expect(try journal.lives(of: row.id).map(\.number) == Array(151...250))
    }
}
