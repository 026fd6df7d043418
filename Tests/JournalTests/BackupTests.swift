import DataStudio
import Foundation
import Journal
import Orchestration
import Testing

/// Lost power, and backups that are put back.
@Suite struct BackupTests {
    /// Files of a journal as a power cut leaves them: the database as it was synced, and the log of changes cut anywhere
    /// after what was synced.
    @Test func `whatever is left of what was not synced, the log is a prefix that holds everything that was`() throws {
        let place = Place()
        let journal = try place.open()
        let row = try journal.begin()
        try journal.commit(Commit(records: [.intent(2)]), of: row.id)
        // From here on nothing was synced.
        let synced = try size(place.folder.database + "-wal")
        try journal.commit(Commit(records: [.accepted(3, "7")]), of: row.id)
        try journal.commit(Commit(records: [.settled(4, "7")]), of: row.id)
        let full = try size(place.folder.database + "-wal")
        try #require(full > synced)
        var seen: Set<Int> = []
        for cut in Array(stride(from: synced, to: full, by: 61)) + [full] {
            for isTorn in [false, true] {
                let copy = Place()
                try place.copy(to: copy)
                try? FileManager.default.removeItem(atPath: copy.folder.database + "-shm")
                let wal = try FileHandle(forUpdating: URL(fileURLWithPath: copy.folder.database + "-wal"))
                try wal.truncate(atOffset: UInt64(cut))
                if isTorn, cut > synced {
                    // The last sector that reached the disk holds something else.
                    try wal.seek(toOffset: UInt64(max(synced, cut - 200)))
                    try wal.write(contentsOf: Data(repeating: 0xA5, count: min(200, cut - synced)))
                }
                try wal.close()
                let after = try copy.open()
                let log = try after.log(of: row.id)
                seen.insert(log.count)
                #expect(log.map(\.sequence) == Array(1...log.count))
                #expect(log.count >= 2, "the intent was synced before the request left (cut at \(cut))")
                // Nobody starts there before it is known what came of the start.
                let other = try after.begin()
                let state = try after.state(of: .a, for: other.id)
                #expect(!state.doubts.isEmpty || state.owned.map(\.id) == [JobID("7")])
            }
        }
        #expect(seen.isSuperset(of: [2, 4]), "\(seen)")
    }

    @Test(arguments: [true, false])
    func `a journal restored from an older backup is recognised`(inPlace: Bool) throws {
        let place = Place()
        let journal = try place.open()
        let first = try journal.begin()
        try journal.commit(Commit(records: [.intent(2), .accepted(3, "7"), .settled(4, "7")]), of: first.id)
        try journal.close()
        let backup = Place()
        try place.copy(to: backup)
        let again = try place.open()
        let second = try again.begin()
        #expect(try again.state(of: .a, for: second.id).restoredTo == nil)
        try again.commit(Commit(records: [.intent(2, at: 1_772_337_999_000)]), of: second.id)
        try again.close()

        let restored: Place
        if inPlace {
            // Only the database comes back; the mark beside it stays.
            for name in ["baton.sqlite-wal", "baton.sqlite-shm"] {
                try? FileManager.default.removeItem(atPath: place.path + "/" + name)
            }
            let bytes = try Data(contentsOf: URL(fileURLWithPath: backup.folder.database))
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: place.folder.database))
            try file.truncate(atOffset: 0)
            try file.write(contentsOf: bytes)
            try file.close()
            restored = place
        } else {
            restored = backup
        }
        let after = try restored.open()
        #expect(try after.runs().map(\.id) == [first.id])
        let third = try after.begin(.init(milliseconds: 1_772_338_000_000))
        let state = try after.state(of: .a, for: third.id)
        #expect(state.restoredTo != nil)
        // Once the gate has been passed since, it is as any other.
        try after.commit(
            Commit(records: [.intent(2, at: Int64(Date().timeIntervalSince1970 * 1000) + 1000)]), of: third.id)
        #expect(try after.state(of: .a, for: third.id).restoredTo == nil)
        // Another gate has not.
        let other = Gate(ServerIdentity(url: "http://studio", environment: "default", key: ""), label: "b")
        #expect(try after.state(of: other, for: third.id).restoredTo != nil)
    }

    private func size(_ path: String) throws -> Int {
        try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    }
}
