import DataStudio
import Dispatch
import Foundation
import Orchestration
import Testing

@testable import Journal

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
                let state = try after.state(of: .a, for: other.id) { _ in true }
                #expect(!state.doubts.isEmpty || state.owned.map(\.identity.id) == [JobID("7")])
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
        #expect(try !again.state(of: .a, for: second.id) { _ in true }.isRestored)
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
        let state = try after.state(of: .a, for: third.id) { _ in true }
        #expect(state.isRestored)
        // One that was not started, or of which nobody knows, is no start.
        try after.commit(
            Commit(records: [
                .intent(2),
                Record(
                    sequence: 3, key: "execute#1", attempt: 1, at: .init(milliseconds: 0), body: .void(reason: "busy")),
            ]), of: third.id)
        let fourth = try after.begin(.init(milliseconds: 1_772_338_000_001))
        try after.commit(
            Commit(records: [
                .intent(2),
                Record(
                    sequence: 3, key: "execute#1", attempt: 1, at: .init(milliseconds: 0),
                    body: .ambiguous(Ambiguity(reason: "?"))),
            ]), of: fourth.id)
        #expect(try after.state(of: .a, for: third.id) { _ in true }.isRestored)
        // Once the gate has been passed since, it is as any other.
        let fifth = try after.begin(.init(milliseconds: 1_772_338_000_002))
        try after.commit(
            Commit(records: [.intent(2, at: Int64(Date().timeIntervalSince1970 * 1000) + 1000)]), of: fifth.id)
        #expect(try !after.state(of: .a, for: third.id) { _ in true }.isRestored)
        // A run that the backup has may have started each of its steps.
        #expect(try after.state(of: .a, for: first.id) { _ in true }.isRestored)
        // What a person decides is about all jobs there were.
        try after.resolve("execute#1", attempt: 1, .restart, by: "me", of: fourth.id, at: .init(milliseconds: 0))
        #expect(try !after.state(of: .a, for: first.id) { _ in true }.isRestored)
        // Another gate has not.
        let other = Gate(ServerIdentity(url: "http://studio", environment: "default", key: ""), label: "b")
        #expect(try after.state(of: other, for: third.id) { _ in true }.isRestored)
    }

    // MARK: Files that are copied over the journal

    /// How the files of a backup are put back.
    enum Restore: String, CaseIterable, Sendable {
        case copied = #"cp -r "$BACKUP"/. "$JOURNAL"/"#
        case copiedWithTimes = #"cp -a "$BACKUP"/. "$JOURNAL"/"#
        case unpacked = #"tar -C "$BACKUP" -cf - . | tar -C "$JOURNAL" -xf -"#
        case unpackedInPlace = #"tar -C "$BACKUP" -cf - . | tar -C "$JOURNAL" --overwrite -xf -"#
        case synchronised = #"rsync -a "$BACKUP"/ "$JOURNAL"/"#
        case synchronisedInPlace = #"rsync -a --inplace "$BACKUP"/ "$JOURNAL"/"#
        case replaced = #"mv "$JOURNAL" "$JOURNAL.old" && cp -a "$BACKUP" "$JOURNAL" && rm -r "$JOURNAL.old""#
        case emptied = #"rm -r "$JOURNAL"/* && cp -a "$BACKUP"/. "$JOURNAL"/"#

        /// Not every machine has rsync.
        var isThere: Bool {
            guard rawValue.hasPrefix("rsync ") else { return true }
            return (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
                FileManager.default.isExecutableFile(atPath: "\($0)/rsync")
            }
        }
    }

    @Test(arguments: Restore.allCases.filter(\.isThere))
    func `files of a backup that are copied over a journal are recognised`(restore: Restore) throws {
        let place = Place()
        try start(in: place)
        let backup = Place()
        try shell(Self.backUp, place, backup)
        try start(in: place)
        #expect(try !isRestored(place))
        try shell(restore.rawValue, place, backup)
        #expect(try isRestored(place))
        // When the gate has been passed since, it is as any other.
        try start(in: place, at: Int64(Date().timeIntervalSince1970 * 1000) + 1000)
        #expect(try !isRestored(place))
    }

    @Test func `a journal that is restored a second time from the same backup is recognised again`() throws {
        let place = Place()
        try start(in: place)
        let backup = Place()
        try shell(Self.backUp, place, backup)
        for _ in 1...2 {
            try start(in: place, at: Int64(Date().timeIntervalSince1970 * 1000) + 1000)
            #expect(try !isRestored(place))
            try shell(Restore.copied.rawValue, place, backup)
            #expect(try isRestored(place))
        }
    }

    @Test func `what a process writes that knows nothing of a restore does not hide it`() throws {
        let place = Place()
        try start(in: place)
        let backup = Place()
        try shell(Self.backUp, place, backup)
        let journal = try place.open()
        try start(in: journal)
        try journal.close()
        try shell(Restore.copied.rawValue, place, backup)
        journal.mark?.show(1)
        journal.mark?.show(1)
        #expect(try isRestored(place))
    }

    @Test func `a journal that is opened and closed is not taken for a restored one`() throws {
        let place = Place()
        for _ in 1...3 {
            try start(in: place)
            #expect(try !isRestored(place))
        }
        try shell(#"mv "$JOURNAL" "$JOURNAL.away" && mv "$JOURNAL.away" "$JOURNAL""#, place, place)
        #expect(try !isRestored(place))
    }

    @Test func `two processes that write in turns are not taken for a restore`() throws {
        let place = Place()
        let journals = [try place.open(), try place.open()]
        let runs = try journals.map { try $0.begin() }
        for number in 0..<10 {
            for (journal, run) in zip(journals, runs) {
                try journal.commit(Commit(records: [.intent(2 + number, 1 + number)]), of: run.id)
            }
            #expect(try !isRestored(place))
        }
        for journal in journals { try journal.close() }
        #expect(try !isRestored(place))
    }

    @Test func `threads and processes that write and open at the same time are not taken for a restore`() throws {
        let place = Place()
        let shared = try place.open()
        let folder = place.folder
        DispatchQueue.concurrentPerform(iterations: 5) { thread in
            do {
                guard thread > 0 else {
                    for _ in 1...20 { #expect(try !Self.isRestored(Journal(folder))) }
                    return
                }
                // The first two threads have one journal, the others one each.
                let journal = thread < 3 ? shared : try Journal(folder)
                let run = try journal.begin()
                for number in 0..<20 {
                    try journal.commit(Commit(records: [.intent(2 + number, 1 + number)]), of: run.id)
                }
            } catch {
                Issue.record("\(error)")
            }
        }
        try shared.close()
        #expect(try !isRestored(place))
    }

    @Test(arguments: Mark.Step.allCases)
    func `a process that dies while it writes the mark leaves no sign of a restore`(step: Mark.Step) throws {
        let place = Place()
        try start(in: place)
        // More than one may die there.
        for _ in 1...3 { try place.open().mark?.show(1, upTo: step) }
        #expect(try !isRestored(place))
        try start(in: place)
        #expect(try !isRestored(place))
        // Another process may write before anybody opens the journal.
        let (dying, other) = (try place.open(), try place.open())
        dying.mark?.show(2, upTo: step)
        other.mark?.show(2)
        #expect(try !isRestored(place))
    }

    @Test(arguments: Mark.Step.allCases)
    func `a backup of what a process left when it died is recognised`(step: Mark.Step) throws {
        let place = Place()
        try start(in: place)
        try place.open().mark?.show(1, upTo: step)
        let backup = Place()
        try shell(Self.backUp, place, backup)
        // It died an hour ago.
        let time = URL(fileURLWithPath: backup.folder.markTime)
        let bytes = try Data(contentsOf: time)
        try #require(bytes.count == 16)
        var numbers = bytes.withUnsafeBytes { bytes in
            [0, 8].map { bytes.loadUnaligned(fromByteOffset: $0, as: Int64.self) }
        }
        if numbers[1] != 0 { numbers[1] -= 3_600_000_000_000 }
        #expect((numbers[1] != 0) == (step != .dated))
        try numbers.withUnsafeBytes { Data($0) }.write(to: time)
        try start(in: place)
        try shell(Restore.copied.rawValue, place, backup)
        #expect(try isRestored(place))
    }

    @Test func `a journal of a former version, which dated no mark, is not taken for a restored one`() throws {
        let place = Place()
        try start(in: place)
        try shell(#"rm "$JOURNAL/mark.time" && sqlite3 "$JOURNAL/baton.sqlite" "$SQL""#, place, place)
        let backup = Place()
        try shell(Self.backUp, place, backup)
        #expect(try !isRestored(place))
        try start(in: place)
        #expect(try !isRestored(place))
        // Its backups are recognised as well.
        try shell(Restore.copied.rawValue, place, backup)
        #expect(try isRestored(place))
    }

    @Test(arguments: [#"rm "$JOURNAL/mark.time""#, #": >"$JOURNAL/mark.time""#, #"echo rubbish >"$JOURNAL/mark.time""#])
    func `a journal whose mark has lost its date is taken for a restored one`(command: String) throws {
        let place = Place()
        try start(in: place)
        #expect(try !isRestored(place))
        try shell(command, place, place)
        #expect(try isRestored(place))
    }

    /// With the times of files that were written an hour ago: rsync passes over files that seem to be the same.
    private static let backUp =
        #"cp -a "$JOURNAL" "$BACKUP" && find "$BACKUP" -exec touch -d '1 hour ago' {} +"#

    /// A process that starts a workflow and ends.
    private func start(in place: Place, at time: Int64 = 1_772_337_906_000) throws {
        let journal = try place.open()
        try start(in: journal, at: time)
        try journal.close()
    }

    private func start(in journal: Journal, at time: Int64 = 1_772_337_906_000) throws {
        let run = try journal.begin()
        try journal.commit(Commit(records: [.intent(2, at: time)]), of: run.id)
    }

    /// Another process opens the journal and looks at the gate.
    private func isRestored(_ place: Place) throws -> Bool { try Self.isRestored(place.open()) }

    private static func isRestored(_ journal: Journal) throws -> Bool {
        let run = try journal.begin(Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)))
        let isRestored = try journal.state(of: .a, for: run.id) { _ in true }.isRestored
        try journal.close()
        return isRestored
    }

    private func shell(_ command: String, _ place: Place, _ backup: Place) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-ec", command]
        process.environment = ProcessInfo.processInfo.environment.merging([
            "JOURNAL": place.path, "BACKUP": backup.path, "SQL": "DELETE FROM meta WHERE name = 'mark_time'",
        ]) { $1 }
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(command)")
    }

    private func size(_ path: String) throws -> Int {
        try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    }
}
