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
        for event in [.began(script: "n.lua", run: "", part: 1)] + events { tree.apply(event, at: begin) }
        return tree
    }

    @Test func `a job that was looked for has run since it began, not since it was found`() {
        let tree = tree([
            event(1, "a", key: "execute#1", .starting),
            event(1, "a", key: "execute#1", .accepted(JobID("4711"), since: begin + .seconds(-600))),
        ])
        #expect(tree.lines(at: begin + .seconds(5), terminal: plain)[1].contains("10m 5s"))
    }

    @Test func `steps stand under their phase or the call that began them`() {
        let tree = tree([
            event(1, "a", key: "execute#1", phase: "load", .starting),
            event(1, "a", key: "execute#1", phase: "load", .accepted(JobID("4711"), since: begin)),
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

    @Test func `a block of a lock stands under the lock's name`() {
        var step = StepDescription(
            id: NodeID(number: 1), number: 1, key: "lock#1/block#1/execute#1", label: "a", title: "a", phase: nil,
            location: "n.lua:1")
        step.block = "lock \"warehouse\""
        let tree = tree([.step(StepEvent(step: step, change: .starting))])
        #expect(
            tree.lines(at: begin, terminal: plain) == [
                "n.lua", "└─ lock \"warehouse\"", "   └─ · a             starting      0 ms",
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

    @Test func `below the head of a folded section stand only the steps that run and the bad ones`() {
        var events: [RunEvent] = []
        for number in 1...100 {
            let key = "parallel#1[\(number)]/execute#1"
            events.append(event(number, "w\(number)", key: key, phase: "big", .starting))
            if number == 100 { continue }
            let isBad = number == 7
            let end =
                isBad ? .ended(.failed(kind: .failed, message: "no", duration: nil)) : succeeded("w\(number)")
            events.append(event(number, "w\(number)", key: key, phase: "big", end))
        }
        #expect(
            tree(events).lines(at: begin, terminal: plain, limit: 20) == [
                "n.lua",
                "└─ big: 98 of 100 completed",
                "   ├─ ✗ w7            FAILED        0 ms",
                "   └─ · w100          starting      0 ms",
            ])
    }

    @Test func `of steps one after the other that do not fit, those that ended first are counted`() {
        var events: [RunEvent] = []
        for number in 1...100 {
            events.append(event(number, "w\(number)", key: "execute#\(number)", .starting))
            if number < 100 { events.append(event(number, "w\(number)", key: "execute#\(number)", succeeded("w"))) }
        }
        let lines = tree(events).lines(at: begin, terminal: plain, limit: 5)
        #expect(lines.count == 5)
        #expect(lines[1] == "├─ … 97 earlier steps: 97 completed")
        #expect(lines[2].hasPrefix("├─ ✓ w98 ") && lines[4].hasPrefix("└─ · w100 "))
    }

    // MARK: Long runs

    /// The tree of a live run whose steps follow each other.
    private func longTree(_ count: Int, phase: (Int) -> String?, isBad: (Int) -> Bool = { _ in false }) -> RunTree {
        var tree = RunTree(kept: 20)
        tree.apply(.began(script: "n.lua", run: "", part: 1), at: begin)
        // It runs beside the others.
        tree.apply(event(0, "first", key: "spawn#1/execute#1", .starting), at: begin)
        for number in 1...count {
            let (label, key) = ("w\(number)", "execute#\(number)")
            let end = isBad(number) ? .ended(.failed(kind: .failed, message: "no", duration: nil)) : succeeded(label)
            for change in [.starting, end] as [StepEvent.Change] {
                tree.apply(
                    event(number, label, key: key, phase: phase(number), change), at: begin + .seconds(number))
            }
        }
        return tree
    }

    private static let phases: [@Sendable (Int) -> String?] = [
        { _ in nil }, { _ in "one" }, { "phase \($0)" }, { $0.isMultiple(of: 2) ? "even" : "odd" },
    ]

    @Test(arguments: phases.indices)
    func `of a live run the tree keeps what is open and what ended last, however many steps end`(index: Int) {
        let tree = longTree(10_000, phase: Self.phases[index])
        #expect(tree.rows.count <= 50 && tree.sections.count <= 100, "\(tree.rows.count) \(tree.sections.count)")
        #expect(tree.sections.reduce(0) { $0 + $1.rows.count } == tree.rows.count)
        #expect(tree.stepCount == 10_001)
        let all = tree.sections.reduce(into: tree.earlier) { $0.add($1.earlier) }
        #expect(all.count == 10_001 - tree.rows.count && all.completed == all.count)
        let titles = Set(tree.rows.values.map(\.step.title))
        #expect(titles.contains("first") && titles.isSuperset(of: (9981...10_000).map { "w\($0)" }))
        let report = EndReport(end: RunEnd(status: .succeeded), tree: tree, at: begin + .seconds(1))
        #expect(report.headline.contains("(10001 steps)"))
    }

    @Test func `the first bad steps stay, the last ones as well, and all others are counted as not completed`() {
        let tree = longTree(1000, phase: { _ in nil }, isBad: { _ in true })
        let kept = Set(tree.rows.values.map(\.step.title))
        #expect(kept.isSuperset(of: (1...50).map { "w\($0)" } + (981...1000).map { "w\($0)" }))
        #expect(kept.count < 200)
        #expect(tree.earlier.count > 800 && tree.earlier.completed == 0)
    }

    @Test func `a step in doubt stays until a person has decided`() {
        var tree = RunTree(kept: 5)
        tree.apply(event(1, "lost", key: "execute#1", .starting), at: begin)
        tree.apply(event(1, "lost", key: "execute#1", .ended(.doubtful("no answer"))), at: begin)
        for number in 2...200 {
            tree.apply(event(number, "w", key: "execute#\(number)", .starting), at: begin)
            tree.apply(event(number, "w", key: "execute#\(number)", succeeded("w")), at: begin)
        }
        tree.apply(event(1, "lost", key: "execute#1", .accepted(JobID("4712"), since: begin)), at: begin)
        #expect(tree.rows[NodeID(number: 1)]?.state == .running)
    }

    @Test(arguments: phases.indices)
    func `a tree of ten times as many steps takes ten times as long to make`(index: Int) {
        func time(_ count: Int) -> Duration {
            let clock = ContinuousClock()
            return (0..<3).map { _ in
                clock.measure {
                    var tree = RunTree()
                    for number in 1...count {
                        tree.apply(
                            event(
                                number, "w", key: "execute#\(number)", phase: Self.phases[index](number), .starting),
                            at: begin)
                    }
                    #expect(tree.lines(at: begin, terminal: plain).count > count)
                }
            }.min() ?? .zero
        }
        // Work for each step that grew with the steps would make it a hundred times.
        #expect(time(20_000) < time(2000) * 40)
    }

    @Test func `a report cuts lists that would be endless`() {
        let causes = (1...1000).map { ScriptError(.failed, "w\($0) failed") }
        var error = ScriptError(.failed, "1000 failures")
        error.causes = causes
        let lines = EndReport.failure(error)
        #expect(lines.first == "1000 failures:" && lines.last == "  and 950 more" && lines.count == 52)
    }
}
