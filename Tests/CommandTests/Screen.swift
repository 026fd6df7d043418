/// What a terminal shows: as much of an xterm as the prompt and the tree use.
struct Screen {
    private(set) var columns: Int
    private(set) var rows: Int
    private var cells: [[Character]]
    private var (row, column) = (0, 0)
    /// The cursor stands behind the last column: the next character begins a line.
    private var wraps = false
    private var pending: [UInt8] = []
    /// Lines that have left at the top.
    private(set) var history: [String] = []

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        cells = Array(repeating: Array(repeating: " ", count: columns), count: rows)
    }

    /// The lines down to the cursor's, without spaces at their ends, and those that have left.
    var lines: [String] {
        history + cells[...row].map { String($0).trimmedEnd }
    }

    /// All of it.
    var text: String { lines.joined(separator: "\n") }

    /// The line the cursor stands in.
    var line: String { String(cells[row]).trimmedEnd }

    /// The window has another size; the lines stay as they are, cut or filled.
    mutating func resize(columns: Int, rows: Int) {
        cells = cells.map { Array($0.prefix(columns)) + Array(repeating: " ", count: max(0, columns - $0.count)) }
        while cells.count < rows { cells.append(Array(repeating: " ", count: columns)) }
        while cells.count > rows {
            history.append(String(cells.removeFirst()).trimmedEnd)
            row -= 1
        }
        (self.columns, self.rows) = (columns, rows)
        (row, column) = (max(0, min(row, rows - 1)), min(column, columns - 1))
    }

    mutating func take(_ bytes: [UInt8]) {
        pending += bytes
        while let used = takeOne() { pending.removeFirst(used) }
    }

    /// - Returns: how many bytes it took; `nil` if more are needed.
    private mutating func takeOne() -> Int? {
        guard let first = pending.first else { return nil }
        switch first {
        case 0x1B: return takeEscape()
        case 0x0D: (column, wraps) = (0, false)
        case 0x0A: lineFeed()
        case 0x08: (column, wraps) = (max(0, column - 1), false)
        case 0x09: column = min(columns - 1, column / 8 * 8 + 8)
        case 0x00..<0x20, 0x7F: break
        case 0x80...:
            let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
            guard pending.count >= length else { return nil }
            put(Character(String(decoding: pending.prefix(length), as: UTF8.self)))
            return length
        default: put(Character(Unicode.Scalar(first)))
        }
        return 1
    }

    private mutating func takeEscape() -> Int? {
        guard pending.count > 1 else { return nil }
        guard pending[1] == UInt8(ascii: "[") else { return pending[1] == UInt8(ascii: "(") ? 3 : 2 }
        guard let end = pending.dropFirst(2).firstIndex(where: { (0x40...0x7E).contains($0) }) else { return nil }
        let numbers = String(decoding: pending[2..<end], as: UTF8.self).split(separator: ";").compactMap { Int($0) }
        let count = max(1, numbers.first ?? 1)
        wraps = false
        switch Character(Unicode.Scalar(pending[end])) {
        case "A": row = max(0, row - count)
        case "B": row = min(rows - 1, row + count)
        case "C": column = min(columns - 1, column + count)
        case "D": column = max(0, column - count)
        case "G": column = min(columns - 1, count - 1)
        case "H": (row, column) = (min(rows, count) - 1, min(columns, numbers.count > 1 ? numbers[1] : 1) - 1)
        case "J":
            clearLine(from: numbers.first == 2 ? 0 : column)
            for other in (numbers.first == 2 ? 0 : row + 1)..<rows { cells[other] = blank }
        case "K": clearLine(from: numbers.first == 2 ? 0 : column)
        case "P":
            cells[row].removeSubrange(column..<min(columns, column + count))
            cells[row] += Array(repeating: " ", count: columns - cells[row].count)
        case "@":
            cells[row].insert(contentsOf: Array(repeating: " ", count: count), at: column)
            cells[row].removeLast(cells[row].count - columns)
        default: break
        }
        return end + 1
    }

    private var blank: [Character] { Array(repeating: " ", count: columns) }

    private mutating func clearLine(from start: Int) {
        for index in start..<columns { cells[row][index] = " " }
    }

    private mutating func put(_ character: Character) {
        if wraps {
            column = 0
            lineFeed()
        }
        cells[row][column] = character
        wraps = column == columns - 1
        if !wraps { column += 1 }
    }

    private mutating func lineFeed() {
        wraps = false
        guard row == rows - 1 else {
            row += 1
            return
        }
        history.append(String(cells.removeFirst()).trimmedEnd)
        cells.append(blank)
    }
}

extension String {
    fileprivate var trimmedEnd: String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
