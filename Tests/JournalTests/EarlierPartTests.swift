import DataStudio
import GRDB
import Journal
import Orchestration
import Testing

/// What the journal keeps of the parts of a run that has handed over with `restart_with`.
@Suite struct EarlierPartTests {
    /// How many records each of twenty parts has, and how many parts are kept with the one that goes on.
    @Test(arguments: [(10, 11), (10_000, 6), (60_000, 1)])
    func `few parts and few records of a loop that goes on for weeks are kept`(records: Int, kept: Int) throws {
        let place = Place()
        let journal = try place.open()
        let row = try journal.begin()
        let beginning = RunBeginning(script: "test.lua", text: "execute 'a'", seed: 1)
        var last = 1
        for _ in 1...(records > 10_000 ? 3 : 20) {
            let bodies: [RecordBody] = Array(repeating: .resumed, count: records - 2) + [.restarted, .began(beginning)]
            let part = bodies.map { body in
                last += 1
                return Record(sequence: last, key: "", attempt: 1, at: row.began, body: body)
            }
            try journal.commit(Commit(records: part), of: row.id)
        }
        let parts = try DatabaseQueue(path: place.folder.database).read {
            try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM records WHERE kind = 'began'") ?? 0
        }
        #expect(parts == kept)
        #expect(try journal.log(of: row.id).map(\.sequence) == [last], "the part that goes on")
    }

    @Test func `each part that is kept has a log of its own`() throws {
        let journal = try Place().open()
        let row = try journal.begin()
        var beginning = RunBeginning(script: "test.lua", text: "execute 'a'", seed: 1)
        for part in 2...13 {
            beginning.part = RunPart(number: part, state: "{}")
            let first = try (journal.log(of: row.id).last?.sequence ?? 0) + 1
            let bodies: [RecordBody] = [.restarted, .began(beginning)]
            let records = bodies.enumerated().map {
                Record(sequence: first + $0, key: "", attempt: 1, at: row.began, body: $1)
            }
            try journal.commit(Commit(records: records), of: row.id)
        }
        #expect(try journal.parts(of: row.id) == Array(3...13))
        let bodies = try journal.log(of: row.id, part: 12)?.map(\.body.kind)
        #expect(bodies == ["began", "restarted"])
        #expect(try journal.log(of: row.id, part: 13)?.map(\.body.kind) == ["began"])
        #expect(try journal.log(of: row.id, part: 2) == nil)
        #expect(try journal.log(of: row.id, part: 14) == nil)
    }

    @Test func `an attempt whose job may run stays, whatever part it belongs to`() throws {
        let journal = try Place().open()
        let row = try journal.begin()
        try journal.commit(Commit(records: [.intent(2), .accepted(3, "7")]), of: row.id)
        let beginning = RunBeginning(script: "test.lua", text: "execute 'a'", seed: 1)
        for part in 0..<20 {
            let bodies: [RecordBody] = [.restarted, .began(beginning)]
            let records = bodies.enumerated().map {
                Record(sequence: 4 + 2 * part + $0, key: "", attempt: 1, at: row.began, body: $1)
            }
            try journal.commit(Commit(records: records), of: row.id)
        }
        #expect(try journal.allAttempts().map(\.job) == [JobID("7")])
    }
}
