import Dispatch
import Foundation
import Journal
import Synchronization
import Testing

/// Locks whose files go when they are let go of.
@Suite(.timeLimit(.minutes(2))) struct FileLockTests {
    /// A folder for lock files, removed with this object.
    private final class LockPlace: Sendable {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("locks-\(UUID().uuidString)").path
        var lock: String { path + "/lock" }

        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(atPath: path) }

        var files: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }
    }

    @Test func `a lock is held by one, and its file goes with it`() throws {
        let place = try LockPlace()
        #expect(try !FileLock.isTaken(place.lock))
        #expect(place.files.isEmpty, "looking makes no file")
        var lock = try FileLock.take(place.lock)
        #expect(lock != nil)
        #expect(try FileLock.take(place.lock) == nil)
        #expect(try FileLock.isTaken(place.lock))
        lock = nil
        #expect(place.files.isEmpty)
        #expect(try !FileLock.isTaken(place.lock))
        lock = try FileLock.take(place.lock)
        #expect(lock != nil)
        withExtendedLifetime(lock) {}
    }

    @Test func `the file of a process that was killed is taken, and deleted then`() throws {
        let place = try LockPlace()
        #expect(FileManager.default.createFile(atPath: place.lock, contents: nil))
        #expect(try !FileLock.isTaken(place.lock))
        #expect(place.files == ["lock"], "looking deletes no file")
        var lock = try FileLock.take(place.lock)
        #expect(lock != nil)
        lock = nil
        #expect(place.files.isEmpty)
    }

    @Test func `the file of somebody else that has taken its place is left`() throws {
        let place = try LockPlace()
        var lock = try FileLock.take(place.lock)
        try FileManager.default.removeItem(atPath: place.lock)
        let other = try FileLock.take(place.lock)
        #expect(lock != nil && other != nil)
        lock = nil
        #expect(place.files == ["lock"])
        #expect(try FileLock.isTaken(place.lock))
        withExtendedLifetime(other) {}
    }

    @Test func `however many take one lock, one holds it at a time`() throws {
        let place = try LockPlace()
        let holders = Atomic(0)
        let taken = Atomic(0)
        let doubles = Atomic(0)
        let errors = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            for _ in 0..<4000 {
                do {
                    // Some only look.
                    guard thread > 1 else {
                        _ = try FileLock.isTaken(place.lock)
                        continue
                    }
                    guard let lock = try FileLock.take(place.lock) else { continue }
                    if holders.add(1, ordering: .sequentiallyConsistent).oldValue != 0 {
                        doubles.add(1, ordering: .relaxed)
                    }
                    taken.add(1, ordering: .relaxed)
                    // Others get the chance to take it, too.
                    sched_yield()
                    holders.subtract(1, ordering: .sequentiallyConsistent)
                    withExtendedLifetime(lock) {}
                } catch {
                    errors.withLock { $0.append("\(error)") }
                }
            }
        }
        let (count, twice) = (taken.load(ordering: .relaxed), doubles.load(ordering: .relaxed))
        let failed = errors.withLock(\.self)
        #expect(failed.isEmpty)
        #expect(twice == 0)
        #expect(count > 100)
        #expect(place.files.isEmpty)
    }

    @Test func `who finds a lock taken finds it held`() throws {
        let place = try LockPlace()
        let lock = try #require(try FileLock.take(place.lock))
        // Others look and try all the time: none of them has the lock taken from its holder.
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            for _ in 0..<1000 {
                do {
                    let isHeld = try thread == 0 ? FileLock.isTaken(place.lock) : FileLock.take(place.lock) == nil
                    if !isHeld { Issue.record("the lock was free") }
                } catch {
                    Issue.record("\(error)")
                }
            }
        }
        withExtendedLifetime(lock) {}
    }
}
