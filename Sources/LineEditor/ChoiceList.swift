/// What can stand at the cursor, in columns.
enum ChoiceList {
    /// No more than these are shown.
    private static let most = 100

    /// Whole lines, filled column by column.
    static func text(_ choices: [String], columns: Int) -> String {
        let shown = choices.prefix(most)
        let width = (shown.map(\.count).max() ?? 0) + 2
        let count = max(1, columns / width)
        let rows = (shown.count + count - 1) / count
        let lines = (0..<rows).map { row in
            var line = ""
            for index in stride(from: row, to: shown.count, by: rows) {
                line += String(repeating: " ", count: max(0, (index / rows) * width - line.count)) + shown[index]
            }
            return line + "\n"
        }
        let rest = choices.count - shown.count
        return lines.joined() + (rest > 0 ? "and \(rest) more\n" : "")
    }
}
