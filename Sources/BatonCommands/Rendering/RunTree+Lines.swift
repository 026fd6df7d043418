import DataStudio
import Orchestration

extension RunTree {
    /// The tree as lines of text.
    ///
    /// - Parameters:
    ///   - terminal: its width bounds the lines; colours only where it has them.
    ///   - limit: how many lines at most. Sections that are over are then one line each, and what does not fit is
    ///     counted.
    ///   - numbered: with the numbers by which steps are named on the command line.
    func lines(at now: Timestamp, terminal: Terminal, limit: Int = .max, numbered: Bool = false) -> [String] {
        var lines = full(now, terminal, collapsed: false, numbered)
        if lines.count > limit { lines = full(now, terminal, collapsed: true, numbered) }
        if lines.count > limit {
            let hidden = lines.count - limit + 1
            lines = lines.prefix(limit - 1) + ["   \(terminal.isUnicode ? "…" : "...") \(hidden) more lines"]
        }
        return lines
    }

    private func full(_ now: Timestamp, _ terminal: Terminal, collapsed: Bool, _ numbered: Bool) -> [String] {
        let width = titleWidth(terminal)
        var lines = [fitted(script, terminal.columns, terminal)]
        for (index, section) in sections.enumerated() {
            let isLast = index == sections.count - 1
            let stem = branch(isLast, terminal)
            guard let title = section.title else {
                for (position, row) in section.rows.enumerated() {
                    let isEnd = isLast && position == section.rows.count - 1
                    lines += line(row, branch(isEnd, terminal), width + 3, now, terminal, numbered)
                }
                continue
            }
            let rows = section.rows.compactMap { self.rows[$0] }
            let done = rows.count { $0.state.isOver }
            let isFolded = collapsed && !rows.contains { $0.state.isBad } && (done == rows.count || rows.count > 8)
            lines.append(
                fitted(
                    stem + title + (isFolded ? ": \(done) of \(rows.count) completed" : ""), terminal.columns, terminal)
            )
            if isFolded { continue }
            let bar = isLast ? "   " : (terminal.isUnicode ? "│  " : "|  ")
            for (position, row) in section.rows.enumerated() {
                let isEnd = position == section.rows.count - 1
                lines += line(row, bar + branch(isEnd, terminal), width, now, terminal, numbered)
            }
        }
        return lines
    }

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
        let time = (row.duration ?? (row.state.isOver ? nil : now - row.began))?.short ?? ""
        var text =
            "\(fitted(row.step.title, width, terminal).padded(to: width))  \(row.state.word.padded(to: 12))  \(time.padded(to: 8))"
        if numbered { text = "\(String(row.step.number).padded(to: 3)) " + text }
        if row.state == .running, let usual = row.usual { text += "  " + bar(now - row.began, usual, terminal) }
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
        case .starting, .queued: terminal.isUnicode ? "·" : "."
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
            case .running: "36"
            case .starting, .queued, .notStarted: "2"
            }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }

    private func fitted(_ text: String, _ width: Int, _ terminal: Terminal) -> String {
        text.visible.fitted(to: width, ellipsis: terminal.isUnicode ? "…" : "...")
    }
}
