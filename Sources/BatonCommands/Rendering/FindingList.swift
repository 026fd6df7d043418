import JSON
import Orchestration

/// Findings as people and programs read them.
struct FindingList {
    private let findings: [Finding]
    private let texts: [String: [Substring]]
    private let scripts: Int

    /// - Parameters:
    ///   - texts: what was looked at, by the names that findings have for it.
    ///   - scripts: how many there were.
    init(_ findings: [Finding], texts: [String: String], scripts: Int) {
        self.findings = findings
        self.texts = texts.mapValues { $0.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" } }
        self.scripts = scripts
    }

    /// One object a line.
    var json: String {
        findings.map { finding in
            let object = JSON.record([
                "file": .string(finding.file), "line": .integer(Int64(finding.line)),
                "column": .integer(Int64(finding.column)), "length": .integer(Int64(finding.length)),
                "code": .string(finding.code.rawValue), "severity": finding.isCertain ? "error" : "warning",
                "message": .string(finding.message), "fix": finding.fix.map { .string($0) },
            ])
            return object.jsonText + "\n"
        }.joined()
    }

    /// Each with its line of the script, then how many there are.
    func text(_ terminal: Terminal) -> String {
        findings.map { text($0, terminal) + "\n" }.joined() + summary + "\n"
    }

    private var summary: String {
        let errors = findings.count(where: \.isCertain)
        let warnings = findings.count - errors
        let counts = [(errors, "error"), (warnings, "warning")].filter { $0.0 > 0 }
            .map { "\($0) \($1)\($0 == 1 ? "" : "s")" }
        let what = scripts == 1 ? "1 script" : "\(scripts) scripts"
        return "\(what): " + (counts.isEmpty ? "nothing found" : counts.joined(separator: ", "))
    }

    private func text(_ finding: Finding, _ terminal: Terminal) -> String {
        let severity = finding.isCertain ? "error" : "warning"
        let head =
            "\(finding.file):\(finding.line):\(finding.column): \(severity): \(finding.message) [\(finding.code.rawValue)]"
        var lines = terminal.isTerminal ? head.wrapped(to: terminal.columns, hanging: 2) : [head]
        if let line = texts[finding.file]?.dropFirst(finding.line - 1).first {
            let number = "\(finding.line)"
            let excerpt = SourceExcerpt(of: line, around: finding.column)
            let before = excerpt.text.prefix(excerpt.column - 1).map {
                String(repeating: " ", count: String($0).visible.columns)
            }
            let rest = excerpt.text.count - excerpt.column + 1
            let mark = String(repeating: "^", count: max(1, min(finding.length, rest)))
            let shown = "  \(number) | \(excerpt.text.visible)"
            let marked = "  \(String(repeating: " ", count: number.count)) | \(before.joined())\(mark)"
            for line in [shown, marked] {
                lines.append(terminal.isTerminal ? line.fitted(to: terminal.columns, ellipsis: "...") : line)
            }
        }
        if let fix = finding.fix { lines.append("  fix: \(fix.visible)") }
        guard terminal.hasColour, !lines.isEmpty else { return lines.joined(separator: "\n") }
        lines[0] = "\u{1B}[\(finding.isCertain ? "31" : "33")m\(lines[0])\u{1B}[0m"
        return lines.joined(separator: "\n")
    }
}
