import Escaping

/// Phases of workflow labels, and the script that runs them.
struct PhasePlan: Equatable {
    /// Why an argument is no phase.
    struct ParseError: Error {
        let message: String
    }

    let phases: [[String]]

    /// - Parameter arguments: each a phase, its labels separated by commas; `\,` is a comma, `\\` a backslash.
    init(_ arguments: [String]) throws(ParseError) {
        if let command = Self.commandForPowerShell(arguments) {
            throw ParseError(
                message: "Phases are written without @( ) here: each argument is a phase.\n\n  \(command)\n\n"
                    + "A label that begins with @( is written \\@(.")
        }
        var phases: [[String]] = []
        for (index, argument) in arguments.enumerated() {
            let labels = Self.labels(argument)
            guard !labels.contains("") else {
                throw ParseError(message: "Phase \(index + 1), '\(argument)', has an empty label.")
            }
            phases.append(labels)
        }
        self.phases = phases
    }

    /// The command for phases that are written as the vendor's PowerShell script takes them, `@('wf1'), @('wf2','wf3')`; `nil`
    /// for others.
    private static func commandForPowerShell(_ arguments: [String]) -> String? {
        let text = arguments.joined(separator: " ")
        guard arguments.contains(where: { $0.hasPrefix("@(") }) else { return nil }
        let phases = text.matches(of: /@\(([^)]*)\)?|[^\s,]+/).map { match in
            let labels = (match.1 ?? match.0).split(separator: ",").map { label in
                label.trimmingPrefix { $0.isWhitespace || "'\"".contains($0) }
                    .reversed().trimmingPrefix { $0.isWhitespace || "'\"".contains($0) }.reversed()
            }
            return TextFormat.shell.escaped(labels.map { String($0) }.joined(separator: ","))
        }
        return (["baton phases"] + phases).joined(separator: " ")
    }

    private static func labels(_ argument: String) -> [String] {
        var labels = [""]
        var isEscaped = false
        for character in argument {
            switch character {
            case "@" where isEscaped && labels.last == "": labels[labels.count - 1].append(character)
            case "\\" where !isEscaped:
                isEscaped = true
                continue
            case "," where !isEscaped: labels.append("")
            case "," where isEscaped, "\\" where isEscaped: labels[labels.count - 1].append(character)
            default: labels[labels.count - 1].append(contentsOf: isEscaped ? "\\\(character)" : "\(character)")
            }
            isEscaped = false
        }
        if isEscaped { labels[labels.count - 1].append("\\") }
        return labels.map { label in
            let start = label.drop(while: \.isWhitespace)
            return String(start.reversed().drop(while: \.isWhitespace).reversed())
        }
    }

    /// The Lua that does what the phases say.
    var script: String {
        phases.enumerated().map { index, labels in
            let quoted = labels.map(LuaText.quoted)
            let call = labels.count == 1 ? "execute \(quoted[0])" : "parallel { \(quoted.joined(separator: ", ")) }"
            return "phase \"phase \(index + 1)\"\n\(call)\n"
        }.joined()
    }
}
