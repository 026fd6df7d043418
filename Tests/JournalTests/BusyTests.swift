import DataStudio
import Dispatch
import Foundation
import GRDB
import Orchestration
import Synchronization
import Testing

@testable import Journal

/// A journal that another process keeps locked.
@Suite(.timeLimit(.minutes(2))) struct BusyTests {
    @Test func `a journal that is up to date is opened while another connection holds its write lock`() throws {
        let place = Place()
        let journal = try place.open()
        try journal.commit(Commit(records: [.intent(2)]), of: journal.begin().id)
        try journal.close()
        let lock = try WriteLock(place.folder)
        let again = try Journal(place.folder, patience: .none)
        #expect(try again.runs().count == 1)
        #expect { try again.begin() } throws: { ($0 as? JournalError)?.code == .busy }
        try lock.release()
        _ = try again.begin()
    }

    @Test func `whoever writes waits for the lock, and writes once`() throws {
        let place = Place()
        let journal = try place.open()
        let run = try journal.begin()
        let lock = try WriteLock(place.folder)
        let tries = Atomic(0)
        // The lock is let go of when the first try has failed.
        journal.queue.writeWithoutTransaction { database in
            database.trace { event in
                guard case .statement(let statement) = event, statement.sql.hasPrefix("BEGIN IMMEDIATE") else { return }
                if tries.add(1, ordering: .relaxed).newValue == 2 { try? lock.release() }
            }
        }
        try journal.commit(Commit(records: [.intent(2)]), of: run.id)
        #expect(tries.load(ordering: .relaxed) >= 2)
        #expect(try journal.log(of: run.id).count == 2)
    }

    @Test func `a commit that failed because the journal was busy has not happened, and can be made again`() throws {
        let place = Place()
        let journal = try place.open()
        let run = try journal.begin()
        let lock = try WriteLock(place.folder)
        let once = journal.with(.none)
        for _ in 1...2 {
            #expect { try once.commit(Commit(records: [.intent(2), .accepted(3, "7")]), of: run.id) } throws: {
                ($0 as? JournalError)?.code == .busy
            }
        }
        #expect(try once.log(of: run.id).count == 1)
        try lock.release()
        try once.commit(Commit(records: [.intent(2), .accepted(3, "7")]), of: run.id)
        #expect(try journal.openAttempts(of: run.id).map(\.job) == [JobID("7")])
    }

    @Test func `who opens a journal that another process is opening waits for it, and is told`() throws {
        let place = Place()
        try place.open().close()
        let lock = Mutex(try FileLock.take(place.folder.locks + "/opening"))
        #expect { try Journal(place.folder, patience: .none) } throws: { error in
            (error as? JournalError)?.code == .busy && "\(error)".contains("is being opened by")
        }
        let isOpened = DispatchSemaphore(value: 0)
        let folder = place.folder
        Thread.detachNewThread {
            _ = try? Journal(folder)
            isOpened.signal()
        }
        lock.withLock { $0 = nil }
        isOpened.wait()
    }

    @Test func `pauses grow to a second, and end with the patience or earlier`() {
        var wait = BusyWait(limit: .seconds(300))
        var now = ContinuousClock.now
        let began = now
        var pauses: [Duration] = []
        while let pause = wait.pause(at: now) {
            pauses.append(pause)
            now += pause
        }
        #expect(now - began == .seconds(300))
        #expect(pauses.first == .milliseconds(20) && pauses.max() == .seconds(1))
        var hurried = BusyWait(limit: .seconds(300))
        let end = began + .milliseconds(5)
        let last = [began, end].map { hurried.pause(at: $0, until: end) }
        #expect(last == [.milliseconds(5), nil])
        var impatient = BusyWait(limit: .zero)
        let none = impatient.pause(at: began)
        #expect(none == nil)
    }

    @Test func `a wait is told of once, when it takes seconds`() {
        var wait = BusyWait(limit: .seconds(300))
        let began = ContinuousClock.now
        var told: [Bool] = [wait.takeNotice(at: began)]
        _ = wait.pause(at: began)
        for seconds in [1, 4, 5] { told.append(wait.takeNotice(at: began + .seconds(seconds))) }
        #expect(told == [false, false, true, false])
    }

    @Test func `the kernel tells who holds a lock`() {
        let table = """
            1: POSIX  ADVISORY  READ 11 fe:00:77 120 120
            2: POSIX  ADVISORY  WRITE 12 fe:00:77 124 124
            2: -> POSIX  ADVISORY  WRITE 13 fe:00:77 120 120
            3: POSIX  ADVISORY  WRITE 14 fe:00:78 120 120
            4: POSIX  ADVISORY  WRITE 15 fe:00:77 120 120
            5: FLOCK  ADVISORY  WRITE 16 fe:00:77 0 EOF
            6: OFDLCK ADVISORY  WRITE -1 fe:00:77 120 120
            """
        #expect(LockHolder.holder(ofFile: 77, byte: 120, in: table, besides: 1) == 15)
        #expect(LockHolder.holder(ofFile: 77, byte: 120, in: table, besides: 15) == nil)
        #expect(LockHolder.holder(ofFile: 77, byte: nil, in: table, besides: 1) == 16)
        #expect(LockHolder.holder(ofFile: 79, byte: nil, in: table, besides: 1) == nil)
        #expect(LockHolder.holder(ofFile: 77, byte: 120, in: "rubbish\n\n1: POSIX", besides: 1) == nil)
    }

    #if os(Linux)
    @Test func `an error names the process that holds the write lock`() throws {
        let place = Place()
        let journal = try place.open()
        let run = try journal.begin()
        // SQLite's own shell, which says when it has the lock and waits for its input to end.
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sqlite3", place.folder.database]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data("BEGIN IMMEDIATE;\n.shell echo held\n".utf8))
        #expect(output.fileHandleForReading.availableData == Data("held\n".utf8))
        #expect { try journal.with(.none).abandon(run.id, note: "") } throws: { error in
            "\(error)".contains("is locked by process \(process.processIdentifier) (sqlite3)")
        }
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        try journal.abandon(run.id, note: "")
    }
    #endif
}
