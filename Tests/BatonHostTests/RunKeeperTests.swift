import DataStudio
import Dispatch
import Foundation
import Orchestration
import Synchronization
import Testing

@testable import BatonHost
@testable import Journal

/// A run whose journal another connection keeps locked.
@Suite(.timeLimit(.minutes(2))) struct RunKeeperTests {
    /// Holds the database's write lock until it is told to let go of it.
    private final class WriteLock: Sendable {
        private let release = DispatchSemaphore(value: 0)
        private let isReleased = DispatchSemaphore(value: 0)

        init(_ folder: JournalFolder) throws {
            let journal = try Journal(folder)
            let isHeld = DispatchSemaphore(value: 0)
            Thread.detachNewThread { [release, isReleased] in
                try? journal.write { _ in
                    isHeld.signal()
                    release.wait()
                }
                isReleased.signal()
            }
            isHeld.wait()
        }

        func letGo() {
            release.signal()
            isReleased.wait()
        }
    }

    private func makeKeeper(_ folder: Folder, patience: Duration = BusyPatience.usual) throws -> RunKeeper {
        let journal = try Journal(JournalFolder(folder.path + "/journal"))
        let beginning = RunBeginning(script: "t.lua", text: "execute 'a'", seed: 1)
        let row = try journal.add(
            RunRow(id: "", line: "l", path: "/t.lua", script: "t.lua", textHash: "", server: "s", began: .now),
            beginning)
        let lock = try #require(try LockFolder(journal.folder).run(row.id))
        return RunKeeper(journal, row, lock: lock, patience: patience)
    }

    private func commit(_ keeper: RunKeeper) -> Commit {
        let beginning = RunBeginning(script: "t.lua", text: "execute 'a'", seed: 1)
        return Commit(records: [Record(sequence: 1, key: "", attempt: 1, at: .now, body: .began(beginning))])
    }

    @Test func `a commit waits for the journal, and what is only read does not`() async throws {
        let folder = try Folder()
        let keeper = try makeKeeper(folder)
        let lock = try WriteLock(keeper.journal.folder)
        let isCommitted = Atomic(false)
        let waiting = Task { [commit = commit(keeper)] in
            _ = try await keeper.commit(commit)
            isCommitted.store(true, ordering: .sequentiallyConsistent)
        }
        for _ in 1...20 {
            #expect(try await keeper.requests().isEmpty)
            #expect(try await keeper.history("a").isEmpty)
        }
        let wasCommitted = isCommitted.load(ordering: .sequentiallyConsistent)
        #expect(!wasCommitted)
        lock.letGo()
        try await waiting.value
        #expect(try keeper.journal.log(of: keeper.row.id).count == 1)
        #expect(keeper.commits == 1)
    }

    @Test func `when the patience is over the commit fails, and the end of the run does not wait again`() async throws {
        let folder = try Folder()
        let keeper = try makeKeeper(folder, patience: .milliseconds(50))
        let lock = try WriteLock(keeper.journal.folder)
        await #expect { try await keeper.commit(commit(keeper)) } throws: { ($0 as? JournalError)?.code == .busy }
        await #expect { try await keeper.note(RunEnd(status: .untrusted)) } throws: {
            ($0 as? JournalError)?.code == .busy
        }
        lock.letGo()
        #expect(try keeper.journal.log(of: keeper.row.id).isEmpty)
        try await keeper.note(RunEnd(status: .untrusted))
        #expect(try keeper.journal.run(keeper.row.id)?.status == .untrusted)
    }

    @Test func `a run that is to be left waits no longer than that`() async throws {
        let folder = try Folder()
        let keeper = try makeKeeper(folder)
        let lock = try WriteLock(keeper.journal.folder)
        let waiting = Task { [commit = commit(keeper)] in try await keeper.commit(commit) }
        #expect(try await keeper.requests().isEmpty)
        keeper.limitWaits(to: .zero)
        await #expect { try await waiting.value } throws: { ($0 as? JournalError)?.code == .busy }
        lock.letGo()
    }

    @Test func `a long wait is told of once, however many wait, with who is in the way`() async throws {
        let folder = try Folder()
        let keeper = try makeKeeper(folder)
        let lock = try WriteLock(keeper.journal.folder)
        let (told, tell) = AsyncStream.makeStream(of: String.self)
        keeper.onLongWait { tell.yield($0) }
        let commits = [
            Task { [commit = commit(keeper)] in _ = try await keeper.commit(commit) },
            Task { try await keeper.note(RunEnd(status: .detached)) },
        ]
        var notices = told.makeAsyncIterator()
        let notice = try #require(await notices.next())
        #expect(notice.contains("baton.sqlite is locked by another process; waiting for up to 5m"), "\(notice)")
        lock.letGo()
        for commit in commits { try await commit.value }
        tell.finish()
        #expect(await notices.next() == nil)
    }
}
