import BatonHost
import DataStudio

/// What `baton doctor` prints: a line for each finding, a table of the operations.
struct DoctorReport {
    let terminal: Terminal

    func heading(_ text: String) {
        Output.standard.write("\(text)\n")
    }

    func line(_ finding: DoctorFinding) {
        let indent = String(repeating: " ", count: 19)
        var lines = finding.text.wrapped(to: terminal.columns - 19).map { indent + $0 }
        let start = "  \(symbol(finding.state)) \(finding.topic)"
        if start.columns < indent.columns, let first = lines.first {
            lines[0] = start.padded(to: indent.columns) + first.dropFirst(indent.count)
        } else {
            lines.insert(start, at: 0)
        }
        for (index, advice) in (finding.advice?.split(separator: "\n") ?? []).enumerated() {
            // Commands are copied: they stay in one line.
            let isCommand = advice.hasPrefix("  ")
            let texts = isCommand ? [String(advice)] : String(advice).wrapped(to: terminal.columns - 22)
            lines += texts.enumerated().map { line, text in
                indent + (index == 0 && line == 0 ? "-> " : "   ") + text
            }
        }
        Output.standard.write(lines.map { coloured($0, finding.state) + "\n" }.joined())
    }

    /// Which operation is which of the server's, how sure that is, and why.
    func operations(_ derivation: APIDerivation) {
        heading("Operations")
        for operation in Operation.allCases {
            let name = operation.rawValue.padded(to: 16)
            guard let finding = derivation.findings[operation] else {
                Output.standard.write("  - \(name) not found\n")
                continue
            }
            let sure = finding.isPicked ? "picked" : finding.candidate.confidence.rawValue
            if let tied = derivation.ties[operation] {
                Output.standard.write("  \(symbol(.wrong)) \(name) \(tied.map(\.title).joined(separator: " or "))\n")
                continue
            }
            Output.standard.write("  \(symbol(.right)) \(name) \(finding.candidate.title)\n")
            let why = "\(sure): \(finding.candidate.reasons.joined(separator: ", "))"
            for text in why.wrapped(to: terminal.columns - 21) {
                Output.standard.write(String(repeating: " ", count: 21) + text + "\n")
            }
        }
    }

    func end(_ isWell: Bool) {
        Output.standard.write(
            isWell
                ? "\nEverything is right.\n" : "\nSomething is to be mended: see the lines marked \(symbol(.wrong)).\n")
    }

    private func symbol(_ state: DoctorFinding.State) -> String {
        switch state {
        case .right: terminal.isUnicode ? "✓" : "+"
        case .wrong: terminal.isUnicode ? "✗" : "x"
        case .note: "!"
        }
    }

    private func coloured(_ text: String, _ state: DoctorFinding.State) -> String {
        guard terminal.hasColour, state != .right else { return text }
        return "\u{1B}[\(state == .wrong ? "31" : "33")m\(text)\u{1B}[0m"
    }
}
