import DataStudio

/// What people read of tests.
struct TestReport {
    let terminal: Terminal

    /// The line above a file's cases.
    func heading(_ file: String) -> String { file + "\n" }

    /// A case, and why it failed.
    func text(_ test: TestCase) -> String {
        let isGood = test.failure == nil
        let symbol = terminal.isUnicode ? (isGood ? "✓" : "✗") : (isGood ? "+" : "x")
        let name = test.name.isEmpty ? "(the file itself)" : test.name
        var line = "  \(symbol) \(name)".visible
        if terminal.isTerminal {
            line = line.fitted(to: terminal.columns - 9, ellipsis: terminal.isUnicode ? "…" : "...")
        }
        if !test.name.isEmpty { line += "  (\(test.duration.short))" }
        if terminal.hasColour { line = "\u{1B}[\(isGood ? "32" : "31")m\(line)\u{1B}[0m" }
        guard let failure = test.failure else { return line + "\n" }
        var lines = [line]
        lines += failure.split(separator: "\n", omittingEmptySubsequences: false).flatMap { text -> [String] in
            let text = "      " + text
            return terminal.isTerminal ? text.wrapped(to: terminal.columns, hanging: 2) : [text]
        }
        if !test.tree.isEmpty { lines += [""] + test.tree.map { "      " + $0 } }
        if !test.output.isEmpty {
            lines += ["", "      printed by the case:"] + test.output.map { "        " + $0.visible }
        }
        return lines.map { $0 + "\n" }.joined() + "\n"
    }

    /// The last line.
    func summary(_ cases: [TestCase], in duration: Duration) -> String {
        let failed = cases.count { $0.failure != nil }
        let what = cases.count == 1 ? "1 case" : "\(cases.count) cases"
        let how = failed == 0 ? "\(cases.count) passed" : "\(cases.count - failed) passed, \(failed) failed"
        return "\(what): \(how), in \(duration.short)\n"
    }
}
