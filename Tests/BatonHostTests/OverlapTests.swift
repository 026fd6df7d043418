import BatonHost
import DataStudio
import Foundation
import Journal
import Orchestration
import Synchronization
import Testing

/// Calls that wait for their turn in a line: one at a time, first come, first served, and each call has one end.
@Suite(.timeLimit(.minutes(2))) struct OverlapTests {
    private static let beginning = RunBeginning(script: "night.lua", text: "execute 'a'", seed: 1)

    private static func row(key: String? = nil) -> RunRow {
        RunRow(
            id: "", line: "night", key: key, path: "/night.lua", script: "night.lua", textHash: "", server: "studio",
            began: .now)
    }

    /// What happened in the line, in order.
    private final class Story: Sendable {
        enum Event: Equatable {
            case waits(String)
            case begins(String)
            case ends(String)
            case closed(String)
            case skipped
            case died(String)
            case done
        }
        private let state = Mutex<[Event]>([])
        func note(_ event: Event) { state.withLock { $0.append(event) } }
        var events: [Event] { state.withLock { $0 } }
        /// The runs that have come to wait, in order.
        var waiting: [String] { events.compactMap { if case .waits(let id) = $0 { id } else { nil } } }
        /// The runs that have begun, in order.
        var begun: [String] { events.compactMap { if case .begins(let id) = $0 { id } else { nil } } }

        func until(_ condition: ([Event]) -> Bool) async throws {
            while !condition(events) { try await Task.sleep(for: .milliseconds(2)) }
        }
    }

    /// A call as the command makes it: the run that it begins lasts until its time is over, or somebody cancels it.
    private static func call(
        _ journal: Journal, _ overlap: NightPolicy.Overlap, key: String? = nil, lasting time: Duration, _ story: Story
    ) async throws {
        var policy = NightPolicy()
        policy.overlap = overlap
        policy.key = key
        func open(_ next: RunOpening.WaitingRun? = nil) async throws -> RunOpening.Outcome {
            try await RunOpening(journal).open(row(key: key), beginning, policy, next: next) { _, own in
                if let own, next == nil { story.note(.waits(own.id)) }
            }
        }
        var outcome = try await open()
        while let next = outcome.next {
            try await live(&outcome, journal, time, story)
            outcome = Task.isCancelled ? .interrupted(next.row) : try await open(next)
        }
        switch outcome {
        case .opened:
            try await live(&outcome, journal, time, story)
            story.note(.done)
        case .closed(let row): story.note(.closed(row.id))
        case .interrupted(let row): story.note(.died(row?.id ?? ""))
        case .skipped, .known, .refused, .outOfTime, .held: story.note(.skipped)
        }
    }

    private static func live(
        _ outcome: inout RunOpening.Outcome, _ journal: Journal, _ time: Duration, _ story: Story
    ) async throws {
        guard case .opened(let opened) = outcome else { return }
        // Nothing else holds its locks.
        outcome = .interrupted(nil)
        let id = opened.keeper.row.id
        story.note(.begins(id))
        let end = ContinuousClock.now + time
        while ContinuousClock.now < end, try journal.requests(of: id).isEmpty {
            try? await Task.sleep(for: .milliseconds(2))
            if Task.isCancelled { break }
        }
        // Its last word, before its locks are let go of.
        if !Task.isCancelled { try journal.abandon(id, note: "over") }
        story.note(.ends(id))
        withExtendedLifetime(opened.keeper) {}
    }

    @Test func `runs that wait begin in the order in which they came`() async throws {
        let folder = try Folder()
        let journal = try Journal(JournalFolder(folder.path + "/journal"))
        let story = Story()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await Self.call(journal, .skip, lasting: .seconds(100), story) }
            try await story.until { $0.count == 1 }
            for number in 2...5 {
                group.addTask { try await Self.call(journal, .wait, lasting: .milliseconds(1), story) }
                try await story.until { $0.count == number }
            }
            guard case .begins(let first)? = story.events.first else { return }
            try journal.send("cancel", to: first, by: "test", at: .now)
            try await group.waitForAll()
        }
        let (waiting, begun) = (story.waiting, story.begun)
        #expect(waiting.count == 4)
        #expect(Array(begun.dropFirst()) == waiting)
    }

    @Test func `the newest replaces those that wait, and replace cancels the one that is live`() async throws {
        let folder = try Folder()
        let journal = try Journal(JournalFolder(folder.path + "/journal"))
        let story = Story()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await Self.call(journal, .skip, lasting: .seconds(100), story) }
            try await story.until { $0.count == 1 }
            let calls: [NightPolicy.Overlap] = [.wait, .newest, .replace]
            for (index, overlap) in calls.enumerated() {
                group.addTask { try await Self.call(journal, overlap, lasting: .milliseconds(1), story) }
                try await story.until { _ in story.waiting.count > index }
            }
            try await group.waitForAll()
        }
        let (waiting, begun) = (story.waiting, story.begun)
        try #require(waiting.count == 3)
        #expect(begun.last == waiting[2] && begun.count == 2)
        for (old, new) in zip(waiting, waiting.dropFirst()) {
            #expect(story.events.contains(.closed(old)))
            let row = try #require(try journal.run(old))
            #expect(row.fate == .abandoned && row.note == "replaced by run \(new)")
        }
        #expect(try journal.requests(of: begun[0]).map(\.by) == ["run \(waiting[2])"])
    }

    @Test func `a run that waits is closed once, or begins once`() throws {
        let folder = try Folder()
        let journal = try Journal(JournalFolder(folder.path + "/journal"))
        var row = Self.row()
        row.isWaiting = true
        let first = try journal.add(row, Self.beginning)
        #expect(try journal.close(waiting: first.id, .cancelled, note: "a", at: .now))
        #expect(try !journal.close(waiting: first.id, note: "b", at: .now))
        #expect(try journal.begin(waiting: first.id, at: .now) == nil)
        #expect(try journal.run(first.id)?.note == "a")
        let second = try journal.add(row, Self.beginning)
        #expect(try journal.lives(of: second.id).isEmpty)
        let begun = try #require(try journal.begin(waiting: second.id, at: .now))
        #expect(!begun.isWaiting && begun.fate == .open)
        #expect(try journal.lives(of: second.id).count == 1)
        #expect(try !journal.close(waiting: second.id, note: "b", at: .now))
        // One that has begun is not replaced.
        let third = try journal.add(row, Self.beginning, replacesWaiting: true)
        #expect(try journal.run(second.id)?.fate == .open)
        let fourth = try journal.add(row, Self.beginning, replacesWaiting: true)
        #expect(try journal.run(third.id)?.fate == .abandoned)
        #expect(try journal.run(fourth.id)?.fate == .open)
    }

    /// Random calls, of which some die: whatever comes of them, one run at a time is live, and none is lost.
    @Test(arguments: 0..<12) func `any calls`(seed: Int) async throws {
        var random = SplitMix(seed: UInt64(seed))
        let folder = try Folder()
        let journal = try Journal(JournalFolder(folder.path + "/journal"))
        let story = Story()
        let overlaps = NightPolicy.Overlap.allCases
        try await withThrowingTaskGroup(of: Void.self) { group in
            var calls: [Task<Void, any Error>] = []
            for _ in 0..<10 {
                let overlap =
                    Int.random(in: 0..<3, using: &random) == 0 ? .wait : overlaps.randomElement(using: &random)!
                let key = ["a", "b", nil, nil].randomElement(using: &random)!
                let time = Duration.milliseconds(Int.random(in: 0..<40, using: &random))
                let call = Task { try await Self.call(journal, overlap, key: key, lasting: time, story) }
                calls.append(call)
                group.addTask { try await call.value }
                if Int.random(in: 0..<4, using: &random) == 0 { calls.randomElement(using: &random)!.cancel() }
                try await Task.sleep(for: .milliseconds(Int.random(in: 0..<30, using: &random)))
            }
            try await group.waitForAll()
        }
        var live: String?
        var isOver: Set<String> = []
        for event in story.events {
            switch event {
            case .begins(let id):
                #expect(live == nil, "\(story.events)")
                live = id
            case .ends(let id):
                #expect(live == id, "\(story.events)")
                live = nil
                isOver.insert(id)
            case .closed(let id): #expect(isOver.insert(id).inserted, "\(story.events)")
            case .waits, .skipped, .died, .done: break
            }
        }
        // Whatever is open was left by a call that died; the next calls begin it, or give it up.
        let rows = try journal.runs(line: "night")
        for row in rows where row.fate == .open {
            #expect(
                story.events.contains(.died(row.id)) || story.events.contains(.ends(row.id)),
                "\(row) \(story.events)")
        }
        #expect(story.events.count { $0 == .skipped } <= 10)
        let called = story.events.count { event in
            switch event {
            case .done, .closed, .skipped, .died: true
            case .waits, .begins, .ends: false
            }
        }
        #expect(called == 10, "each call has one end: \(story.events)")
        // None that waits gives itself up: it begins, or somebody else closes it, or its process dies, or its key is done.
        for case .waits(let id) in story.events {
            let row = try #require(try journal.run(id))
            #expect(
                story.events.contains(.begins(id)) || story.events.contains(.closed(id))
                    || story.events.contains(.died(id)) || row.note?.hasSuffix("has done it") == true,
                "\(row) \(story.events)")
        }
    }
}
