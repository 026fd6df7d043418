import DataStudio
import JSON
import Testing

@testable import BatonCommands
@testable import Orchestration

/// The tree as people see it.
@Suite struct RunTreeTests {
    private let plain = Terminal(isLive: false, hasColour: false, isUnicode: true, columns: 80, rows: 24)
    private let begin = Timestamp(milliseconds: 0)

    private func event(
        _ number: Int, _ label: String, key: String, phase: String? = nil, _ change: StepEvent.Change
    ) -> RunEvent {
        .step(
            StepEvent(
                step: StepDescription(
                    id: NodeID(number: number), number: number, key: key, label: label, title: label, phase: phase,
                    location: "n.lua:1"),
                change: change))
    }

    private func succeeded(_ label: String) -> StepEvent.Change {
        let job = Job(id: JobID("4711"), state: .completed)
        return .ended(
            .succeeded(
                StepResult(
                    label: label, job: job, started: begin, finished: begin + .seconds(2), attempts: 1, warnings: [],
                    late: false)))
    }

    private func tree(_ events: [RunEvent]) -> RunTree {
        var tree = RunTree()
        for event in [.began(script: "n.lua", run: "")] + events { tree.apply(event, at: begin) }
        return tree
    }

    @Test func `steps stand under their phase or the call that began them`() {
        let tree = tree([
            event(1, "a", key: "execute#1", phase: "load", .starting),
            event(1, "a", key: "execute#1", phase: "load", .accepted(JobID("4711"))),
            event(1, "a", key: "execute#1", phase: "load", succeeded("a")),
            event(2, "b", key: "parallel#1[1]/execute#1", .starting),
            event(3, "c", key: "parallel#1[2]/execute#1", .starting),
            event(3, "c", key: "parallel#1[2]/execute#1", .ended(.failed(kind: .failed, message: "no", duration: nil))),
            event(4, "d", key: "execute#2", .starting),
        ])
        #expect(
            tree.lines(at: begin + .seconds(5), terminal: plain) == [
                "n.lua",
                "├─ load",
                "│  └─ ✓ a             completed     2.0 s     job 4711",
                "├─ parallel",
                "│  ├─ · b             starting      5.0 s",
                "│  └─ ✗ c             FAILED        0 ms",
                "└─ · d                starting      5.0 s",
            ])
    }

    @Test func `no line is wider than the terminal, and no label moves the cursor`() {
        let label = String(repeating: "long label ", count: 20) + "\n\u{1B}[2J"
        let tree = tree([event(1, label, key: "execute#1", phase: label, .starting)])
        for columns in [40, 80] {
            var terminal = plain
            terminal.columns = columns
            let lines = tree.lines(at: begin, terminal: terminal)
            #expect(lines.allSatisfy { $0.count <= columns })
            #expect(!lines.joined().contains("\u{1B}"))
        }
    }

    @Test func `a terminal without Unicode gets ASCII`() {
        var terminal = plain
        terminal.isUnicode = false
        let tree = tree([event(1, "a", key: "execute#1", phase: "p", .starting)])
        #expect(tree.lines(at: begin, terminal: terminal).joined().allSatisfy { $0.isASCII })
    }

    @Test(arguments: [(2, 130), (15, 143), (1, 129)] as [(Int32, Int64)])
    func `the exit code of a signal stands in the last event`(signal: Int32, code: Int64) {
        var end = RunEnd(status: .detached)
        end.signal = signal
        #expect(EventJSON.object(.ended(end), at: begin)["exit_code"] == .integer(code))
    }

    @Test func `wide characters take two columns`() {
        let label = String(repeating: "日本語", count: 20)
        let lines = tree([event(1, label, key: "execute#1", .starting)]).lines(at: begin, terminal: plain)
        #expect(lines.allSatisfy { $0.columns <= 80 })
        #expect("日本a".columns == 5)
        #expect("日本語".fitted(to: 5, ellipsis: "…") == "日本…")
    }

    @Test func `a tree that does not fit is folded, what is bad stays visible`() {
        var events: [RunEvent] = []
        for number in 1...100 {
            events.append(event(number, "w\(number)", key: "parallel#1[\(number)]/execute#1", phase: "big", .starting))
        }
        let open = tree(events)
        #expect(open.lines(at: begin, terminal: plain, limit: 20).count <= 20)
        #expect(open.lines(at: begin, terminal: plain, limit: 20).contains { $0.contains("big: 0 of 100") })
    }
}
