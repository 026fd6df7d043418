/// Columns of text for people, the last one as long as it is.
struct TextTable {
    let head: [String]
    /// As many cells each as the head has.
    let rows: [[String]]

    /// A line each; on a terminal none is longer than its width.
    func text(_ terminal: Terminal) -> String {
        let lines = ([head] + rows).map { $0.map(\.visible) }
        let widths = head.indices.dropLast().map { column in lines.map { $0[column].columns }.max() ?? 0 }
        return lines.map { line in
            let text = (zip(line, widths).map { $0.padded(to: $1) } + line.suffix(1)).joined(separator: "  ")
            return (terminal.isTerminal ? text.fitted(to: terminal.columns, ellipsis: "...") : text) + "\n"
        }.joined()
    }
}
