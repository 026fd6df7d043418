import DataStudio
import Orchestration

extension RunTree {
    /// A section, or a step by itself, as it is shown.
    private struct Block {
        let section: Section
        /// The rows that are shown.
        let rows: [NodeID]
        /// All of its steps, and those that are completed.
        let all: Earlier
        let isOver: Bool
        let isBad: Bool

        var lineCount: Int { rows.count + (section.title == nil ? 0 : 1) }
    }

    /// In a tree that does not fit, sections with more open steps than that show none of them.
    private static let mostOpen = 8

    /// The tree as lines of text.
    ///
    /// - Parameters:
    ///   - terminal: its width bounds the lines; colours only where it has them.
    ///   - limit: how many lines at most. Of sections, only what is open or bad is then shown below their head; what ended
    ///     first is left out; and what still does not fit is counted.
    ///   - numbered: with the numbers by which steps are named on the command line.
    func lines(at now: Timestamp, terminal: Terminal, limit: Int = .max, numbered: Bool = false) -> [String] {
        var earlier = earlier
        var blocks = sections.map { block($0, isFolded: false) }
        guard count(blocks, earlier) > limit else {
            return render(blocks, earlier, now, terminal, numbered)
        }
        blocks = sections.map { block($0, isFolded: true) }
        leaveOut(&blocks, &earlier, limit) { $0.isOver && !$0.isBad }
        leaveOut(&blocks, &earlier, limit) { $0.isOver }
        let shown = render(blocks, earlier, now, terminal, numbered)
        guard shown.count > limit else { return shown }
        let hidden = shown.count - limit + 1
        return shown.prefix(limit - 1) + ["   \(ellipsis(terminal)) \(hidden) more lines"]
    }

    private func block(_ section: Section, isFolded: Bool) -> Block {
        let rows = section.rows.compactMap { self.rows[$0] }
        var all = section.earlier
        for row in rows { all.add(row) }
        var shown = rows
        if isFolded, section.title != nil {
            let showsOpen = rows.count { !$0.state.isOver } <= Self.mostOpen
            shown = rows.filter { $0.state.isBad || (showsOpen && !$0.state.isOver) }
        }
        return Block(
            section: section, rows: shown.map(\.step.id), all: all, isOver: rows.allSatisfy(\.state.isOver),
            isBad: rows.contains(where: \.state.isBad))
    }

    /// How many lines these are.
    private func count(_ blocks: [Block], _ earlier: Earlier) -> Int {
        blocks.reduce(earlier.count > 0 ? 2 : 1) { $0 + $1.lineCount }
    }

    /// Leaves out the first of these blocks until the others fit. The last one of all stays: it ends the tree.
    private func leaveOut(
        _ blocks: inout [Block], _ earlier: inout Earlier, _ limit: Int, _ mayGo: (Block) -> Bool
    ) {
        var excess = count(blocks, earlier) - limit
        guard excess > 0, let last = blocks.popLast() else { return }
        // What is left out takes a line of its own.
        if earlier.count == 0 { excess += 1 }
        var left: [Block] = []
        for block in blocks {
            if excess > 0, mayGo(block) {
                excess -= block.lineCount
                earlier.add(block.all)
            } else {
                left.append(block)
            }
        }
        blocks = left + [last]
    }

    private func render(
        _ blocks: [Block], _ earlier: Earlier, _ now: Timestamp, _ terminal: Terminal, _ numbered: Bool
    ) -> [String] {
        let width = titleWidth(terminal)
        var lines = [fitted(script, terminal.columns, terminal)]
        if earlier.count > 0 {
            let text = "\(ellipsis(terminal)) \(earlier.count) earlier steps: \(earlier.completed) completed"
            lines.append(fitted(branch(blocks.isEmpty, terminal) + text, terminal.columns, terminal))
        }
        for (index, block) in blocks.enumerated() {
            let isLast = index == blocks.count - 1
            let stem = branch(isLast, terminal)
            guard let title = block.section.title else {
                lines += block.rows.flatMap { line($0, stem, width + 3, now, terminal, numbered) }
                continue
            }
            let hides = block.rows.count < block.all.count
            let total = hides ? ": \(block.all.completed) of \(block.all.count) completed" : ""
            lines.append(fitted(stem + title + total, terminal.columns, terminal))
            let bar = isLast ? "   " : (terminal.isUnicode ? "│  " : "|  ")
            for (position, row) in block.rows.enumerated() {
                let isEnd = position == block.rows.count - 1
                lines += line(row, bar + branch(isEnd, terminal), width, now, terminal, numbered)
            }
        }
        return lines
    }

    private func ellipsis(_ terminal: Terminal) -> String { terminal.isUnicode ? "…" : "..." }

    private func branch(_ isEnd: Bool, _ terminal: Terminal) -> String {
        terminal.isUnicode ? (isEnd ? "└─ " : "├─ ") : (isEnd ? "`- " : "|- ")
    }

    private func titleWidth(_ terminal: Terminal) -> Int {
        let longest = rows.values.map { $0.step.title.columns }.max() ?? 0
        return min(max(longest, 12), max(12, terminal.columns - 50))
    }

    private func line(
        _ id: NodeID, _ stem: String, _ width: Int, _ now: Timestamp, _ terminal: Terminal, _ numbered: Bool
    ) -> [String] {
        guard let row = rows[id] else { return [] }
        let age = now - (row.started ?? row.began)
        let time = (row.duration ?? (row.state.isOver ? nil : age))?.short ?? ""
        let title = row.step.title.visible.fittedInMiddle(to: width, ellipsis: ellipsis(terminal))
        var text =
            "\(title.padded(to: width))  \(row.word.padded(to: 12))  \(time.padded(to: 8))"
        if numbered { text = "\(String(row.step.number).padded(to: 3)) " + text }
        if row.state == .running, let usual = row.usual { text += "  " + bar(age, usual, terminal) }
        if let job = row.jobID { text += "  job \(job)" }
        if let note = row.note { text += "  (\(note))" }
        while text.last == " " { text.removeLast() }
        let plain = fitted("\(stem)\(symbol(row.state, terminal)) \(text)", terminal.columns, terminal)
        return [coloured(plain, row.state, terminal)]
    }

    /// How far a step has come, as it usually goes.
    private func bar(_ elapsed: Duration, _ usual: Duration, _ terminal: Terminal) -> String {
        let width = 8
        let share = usual > .zero ? elapsed.seconds / usual.seconds : 1
        let done = Int(min(1, max(0, share)) * Double(width))
        let (full, empty) = terminal.isUnicode ? ("█", "░") : ("#", ".")
        let drawn = String(repeating: full, count: done) + String(repeating: empty, count: width - done)
        return "\(drawn) \(share > 1 ? "over" : "of") \(usual.short)"
    }

    private func symbol(_ state: State, _ terminal: Terminal) -> String {
        switch state {
        case .completed: terminal.isUnicode ? "✓" : "+"
        case .failed: terminal.isUnicode ? "✗" : "x"
        case .ambiguous: "?"
        case .notStarted: "-"
        case .leftRunning: "!"
        case .starting, .queued, .waiting: terminal.isUnicode ? "·" : "."
        case .running: terminal.isUnicode ? "▸" : ">"
        }
    }

    private func coloured(_ text: String, _ state: State, _ terminal: Terminal) -> String {
        guard terminal.hasColour else { return text }
        let code =
            switch state {
            case .completed: "32"
            case .failed: "31"
            case .ambiguous, .leftRunning: "33"
            case .running, .waiting: "36"
            case .starting, .queued, .notStarted: "2"
            }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }

    private func fitted(_ text: String, _ width: Int, _ terminal: Terminal) -> String {
        text.visible.fitted(to: width, ellipsis: ellipsis(terminal))
    }
}
