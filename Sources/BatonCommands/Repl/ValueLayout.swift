import Orchestration

/// A value as lines of text: on one line where it fits, else an entry a line.
struct ValueLayout {
    /// How many columns there are.
    let columns: Int
    /// What stands for what is left out.
    let ellipsis: String

    init(_ terminal: Terminal) {
        columns = terminal.columns
        ellipsis = terminal.isUnicode ? "…" : "..."
    }

    /// Values of one expression: beside each other where they fit.
    func lines(_ values: [ShownValue]) -> [String] {
        let flat = values.map(flat).joined(separator: "  ")
        return flat.columns <= columns ? [flat] : values.flatMap { lines($0, indent: 0) }
    }

    private func flat(_ value: ShownValue) -> String {
        switch value {
        case .text(let text): return text.visible
        case .table(let entries, let omitted):
            var parts = entries.map { entry in (entry.key.map { "\($0) = " } ?? "").visible + flat(entry.value) }
            if omitted > 0 { parts.append(entries.isEmpty ? ellipsis : rest(omitted)) }
            return parts.isEmpty ? "{}" : "{ \(parts.joined(separator: ", ")) }"
        }
    }

    /// Short ones beside each other.
    private func filled(_ texts: [String], indent: Int) -> [String] {
        let space = String(repeating: " ", count: indent)
        var lines: [String] = []
        for text in texts {
            if let last = lines.last, last.columns + 1 + text.columns <= columns {
                lines[lines.count - 1] += " " + text
            } else {
                lines.append(space + text)
            }
        }
        return lines
    }

    private func rest(_ count: Int) -> String { "\(ellipsis) \(count) more" }

    private func lines(_ value: ShownValue, indent: Int, _ key: String = "", _ end: String = "") -> [String] {
        let space = String(repeating: " ", count: indent)
        let flat = space + key + flat(value) + end
        guard flat.columns > columns, case .table(let entries, let omitted) = value, !entries.isEmpty else {
            return [flat]
        }
        let list = entries.prefix { $0.key == nil && $0.value.isOneText }
        let inner =
            filled(list.map { self.flat($0.value) + "," }, indent: indent + 2)
            + entries.dropFirst(list.count).flatMap { entry in
                lines(entry.value, indent: indent + 2, (entry.key.map { "\($0) = " } ?? "").visible, ",")
            }
        let more = omitted > 0 ? [space + "  " + rest(omitted)] : []
        return [space + key + "{"] + inner + more + [space + "}" + end]
    }
}

extension ShownValue {
    fileprivate var isOneText: Bool { if case .text = self { true } else { false } }
}
