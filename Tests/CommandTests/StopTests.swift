import BatonHost
import Foundation
import JSON
import Journal
import Testing

/// SIGSTOP and SIGCONT of the real process at random moments. A stopped process keeps its locks, and continues later as if
/// nothing had happened.
@Suite(.timeLimit(.minutes(8))) struct StopTests {
    /// The workflows of the plan in another order.
    private static let other = """
        parallel { "wf7", "wf5", "wf3", "wf1" }
        parallel { "wf2", "wf4", "wf6" }
        """
    /// Longer than a start may wait before it is sent.
    private static let longStop = Duration.seconds(7)

    /// A process that is started while the first one is stopped.
    private enum Second: CaseIterable {
        /// Runs the plan with the same lock.
        case sameLock
        /// Runs the other script.
        case other
        /// Resumes what was interrupted.
        case resumeAll
    }

    private struct Counts: Sendable {
        let trials = Counter(), stops = Counter(), seconds = Counter(), skipped = Counter(), decisions = Counter()
    }

    /// The plan in a process that is stopped again and again, with other processes beside it.
    private func trial(_ number: Int, _ counts: Counts) async throws {
        try await PlanTrial.with(number) { trial in
            let place = trial.place
            try place.write(Self.other, to: "other.lua")
            if number.isMultiple(of: 2) {
                // There is something to resume.
                let moment = Duration.milliseconds(Int64.random(in: 0...400))
                _ = try await BatonProcess.run(["run", "other.lua"], in: place.url, killAfter: moment)
            }
            // How many processes ended because a start is in doubt.
            let doubtful = Counter()
            let first = try await BatonProcess.run(
                ["run", "--lock", "plan", "plan.lua"], in: place.url,
                meanwhile: { process in
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        var isLong = false
                        while true {
                            // A process waits for the journal for ten seconds: it gets it after a long stop.
                            try await Task.sleep(for: .milliseconds(isLong ? 500 : Int64.random(in: 0...120)))
                            guard process.stop() else { break }
                            defer { process.proceed() }
                            isLong = counts.stops.add().isMultiple(of: 10)
                            if Bool.random(), try isLocked(place), let second = Second.allCases.randomElement() {
                                group.addTask { try await run(second, in: trial, counts, doubtful) }
                            }
                            try await Task.sleep(
                                for: isLong ? Self.longStop : .milliseconds(Int64.random(in: 50...2000)))
                        }
                        try await group.waitForAll()
                    }
                })
            #expect([0, 8].contains(first.code), "\(trial.title): \(first.errors)")
            if first.code == 8 { doubtful.add() }
            try await expectNoOverlap(trial)
            try await finish(trial, isInDoubt: doubtful.value > 0, counts)
            try await trial.expectOneStartEach()
        }
    }

    /// True if a process holds the lock of the plan.
    private func isLocked(_ place: Workplace) throws -> Bool {
        let folder = JournalFolder(BatonConfiguration.usualJournal(["HOME": place.url.path]))
        return try folder.isThere && LockFolder(folder).line("lock plan") == nil
    }

    private func run(_ second: Second, in trial: PlanTrial, _ counts: Counts, _ doubtful: Counter) async throws {
        let arguments =
            switch second {
            case .sameLock: ["run", "--lock", "plan", "plan.lua"]
            case .other: ["run", "other.lua"]
            case .resumeAll: ["resume", "--all"]
            }
        let run = try await BatonProcess.run(arguments, in: trial.place.url)
        counts.seconds.add()
        switch run.code {
        case 0: break
        case 6:
            // `other.lua` meets itself if it is being resumed.
            #expect(second != .resumeAll, "\(trial.title): \(run.errors)")
            if second == .sameLock { counts.skipped.add() }
        case 8: doubtful.add()
        default: Issue.record("\(trial.title), \(second): exit code \(run.code): \(run.errors)")
        }
    }

    /// Runs of one lock follow each other. A second process that had to wait for the journal until the first run had ended
    /// may begin a run; beside the first run it must not.
    private func expectNoOverlap(_ trial: PlanTrial) async throws {
        let runs = try await trial.place.runs().filter { $0["script"] == "plan.lua" }
        for (later, earlier) in zip(runs, runs.dropFirst()) {
            let steps = try await trial.shown(later)?["steps"]?.elements
            guard let began = steps?.first?["began"]?.text else { continue }
            #expect(try #require(earlier["updated"]?.text) <= began, "\(trial.title): two runs of one lock at a time")
        }
    }

    /// Resumes all runs until none is open. A person decides about starts in doubt, and about nothing else.
    private func finish(_ trial: PlanTrial, isInDoubt: Bool, _ counts: Counts) async throws {
        var isInDoubt = isInDoubt
        while try await trial.isOpen() {
            let decided = try await trial.decide()
            counts.decisions.add(decided)
            try #require((decided > 0) == isInDoubt, "\(trial.title): \(decided) starts in doubt")
            let end = try await trial.place.baton("resume", "--all")
            try #require([0, 8].contains(end.code), "\(trial.title): \(end.errors)")
            isInDoubt = end.code == 8
            guard isInDoubt else { break }
        }
        #expect(!isInDoubt, "\(trial.title): exit code 8, and no run is open")
    }

    @Test func `a hundred stops at random moments start nothing twice, and no process hangs`() async throws {
        let counts = Counts()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<6 {
                group.addTask { while counts.stops.value < 100 { try await trial(counts.trials.add(), counts) } }
            }
            try await group.waitForAll()
        }
        #expect(counts.stops.value >= 100)
        #expect(counts.skipped.value > 0)
        print(
            "stops: \(counts.stops.value) in \(counts.trials.value) trials, with \(counts.seconds.value) processes beside, "
                + "of which \(counts.skipped.value) ended with 6, and with \(counts.decisions.value) decisions of a person"
        )
    }
}
