import DataStudio
import Testing

@testable import BatonCommands
@testable import Orchestration

/// The steps that a run had to wait for.
@Suite struct CriticalPathTests {
    /// A tree of steps with the times from which to which they ran.
    private func tree(_ steps: [(label: String, from: Int64, to: Int64)]) -> RunTree {
        var tree = RunTree()
        for (index, step) in steps.enumerated() {
            let number = index + 1
            let (from, to) = (Timestamp(milliseconds: step.from), Timestamp(milliseconds: step.to))
            let description = StepDescription(
                id: NodeID(number: number), number: number, key: "execute#\(number)", label: step.label,
                title: step.label, phase: nil, location: nil)
            let result = StepResult(
                label: step.label, job: Job(id: JobID("1"), state: .completed), started: from, finished: to,
                attempts: 1, warnings: [], late: false)
            for (at, change) in [
                (from, .starting), (from, .accepted(JobID("1"), since: from)), (to, .ended(.succeeded(result))),
            ] as [(Timestamp, StepEvent.Change)] {
                tree.apply(.step(StepEvent(step: description, change: change)), at: at)
            }
        }
        return tree
    }

    private func path(_ steps: [(label: String, from: Int64, to: Int64)]) -> [String] {
        CriticalPath(tree(steps)).steps.map(\.step.label)
    }

    @Test func `before each step stands the one that ended last before it`() {
        #expect(
            path([
                ("load", 0, 1000), ("short", 1000, 2000), ("long", 1000, 9000), ("publish", 9000, 9500),
            ]) == ["load", "long", "publish"])
        // It waited for something else.
        #expect(path([("load", 0, 1000), ("publish", 60_000, 61_000)]) == ["publish"])
    }

    @Test func `steps that took no time end the path`() {
        #expect(path([("a", 5, 5), ("b", 5, 5)]) == ["a", "b"])
    }

    @Test func `a long chain is followed to its beginning`() {
        let steps = (0..<20_000).map { ("w", Int64($0) * 1000, Int64($0 + 1) * 1000) }
        #expect(path(steps).count == 20_000)
    }
}
