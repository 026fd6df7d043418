import DataStudio
import Testing

@testable import BatonCommands
@testable import Orchestration

/// When a run that could not be resumed is well again.
@Suite struct AlarmWatchTests {
    private static let noon = Timestamp(milliseconds: 1_772_337_906_000)

    private func watch(_ cause: String = "unreachable", isUnattended: Bool = true) -> AlarmWatch {
        AlarmWatch(
            Alarm(cause: cause, since: Self.noon, told: Self.noon), of: "run r of n.lua", isUnattended: isUnattended,
            remindingEvery: .seconds(3600))
    }

    private func look(_ watch: AlarmWatch, _ seconds: Int, _ served: Int, _ unserved: Int) -> Duration? {
        watch.look(served: served, unserved: unserved, at: Self.noon + .seconds(seconds))
    }

    @Test func `a server that serves for a minute is well since the minute began`() {
        let watch = watch()
        #expect(look(watch, 100, 0, 0) == nil)
        #expect(look(watch, 105, 1, 0) == nil)
        #expect(look(watch, 164, 9, 0) == nil && watch.isInTrouble)
        #expect(look(watch, 165, 10, 0) == .seconds(105))
        #expect(!watch.isInTrouble && look(watch, 300, 20, 0) == nil, "one message")
    }

    @Test func `a server that fails meanwhile, or is not asked, is not well`() {
        let flapping = watch()
        for step in 0..<100 {
            #expect(look(flapping, 100 + 20 * step, 2 * step + 1, step) == nil)
        }
        let idle = watch()
        #expect(look(idle, 100, 1, 0) == nil)
        #expect(look(idle, 500, 1, 0) == nil, "nothing was served since")
        #expect(idle.isInTrouble)
    }

    @Test func `the same end is not told again, and another one is`() {
        let watch = watch()
        #expect(watch.receive(.ended(RunEnd(status: .unreachable)), at: Self.noon + .seconds(300)) == nil)
        #expect(watch.isSilent && watch.isInTrouble)
        let other = self.watch()
        #expect(other.receive(.ended(RunEnd(status: .auth)), at: Self.noon + .seconds(300)) == nil)
        #expect(!other.isSilent)
        let failed = self.watch()
        #expect(failed.receive(.ended(RunEnd(status: .failed)), at: Self.noon + .seconds(300)) == nil)
        #expect(
            !failed.isKnown && failed.isInTrouble, "a failure is a message of its own, until somebody has seen to it")
        let well = self.watch()
        #expect(well.receive(.ended(RunEnd(status: .succeeded)), at: Self.noon + .seconds(300)) == .seconds(300))
    }

    @Test func `a run that failed is well when it has succeeded, and not when it only makes progress`() {
        let retried = watch("failed: no rows", isUnattended: false)
        let step = StepDescription(
            id: NodeID(number: 1), number: 1, key: "execute#1", label: "a", title: "a", phase: nil, location: nil)
        let started = StepEvent(step: step, change: .accepted(JobID("4711"), since: Self.noon))
        #expect(retried.receive(.step(started), at: Self.noon + .seconds(1)) == nil)
        for second in stride(from: 1, to: 200, by: 5) {
            #expect(look(retried, second, second, 0) == nil, "a server that serves makes no failed run well")
        }
        #expect(retried.receive(.ended(RunEnd(status: .succeeded)), at: Self.noon + .seconds(300)) == .seconds(300))
    }

    @Test func `whoever retries a run sees the same failure, and others are not notified of it again`() {
        let failure = ScriptError(.failed, "no rows")
        let retried = watch("failed: no rows", isUnattended: false)
        #expect(retried.receive(.ended(RunEnd(status: .failed, error: failure)), at: Self.noon + .seconds(300)) == nil)
        #expect(retried.isKnown && !retried.isSilent)
        let other = watch("failed: no columns", isUnattended: false)
        #expect(other.receive(.ended(RunEnd(status: .failed, error: failure)), at: Self.noon + .seconds(300)) == nil)
        #expect(!other.isKnown)
        let cancelled = watch("failed: no rows", isUnattended: false)
        #expect(cancelled.receive(.ended(RunEnd(status: .cancelled)), at: Self.noon + .seconds(300)) == nil)
        #expect(!cancelled.isKnown && !cancelled.isInTrouble, "nothing more is done about it")
    }
}
