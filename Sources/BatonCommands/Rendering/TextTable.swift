/// Columns of text for people, the last one as long as it is.
struct TextTable {
    let head: [String]
    /// As many cells each as the head has.
    let rows: [[String]]

    /// A line each; on a terminal none is longer than its width.
    ///
    /// - Parameter ellipsis: stands where a line is cut.
    func text(_ terminal: Terminal, ellipsis: String = "...") -> String {
        let lines = ([head] + rows).map { $0.map(\.visible) }
        let widths = head.indices.dropLast().map { column in lines.map { $0[column].columns }.max() ?? 0 }
        return lines.map { line in
            var text = (zip(line, widths).map { $0.padded(to: $1) } + line.suffix(1)).joined(separator: "  ")
            while text.last == " " { text.removeLast() }
            return (terminal.isTerminal ? text.fitted(to: terminal.columns, ellipsis: ellipsis) : text) + "\n"
        }.joined()
    }
}
