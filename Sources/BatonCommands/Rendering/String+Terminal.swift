import Escaping

extension String {
    /// Without control characters, which could move a terminal's cursor or break a line of a log.
    var visible: String { TextFormat.line.escaped(self) }

    /// How many columns of a terminal it takes.
    var columns: Int {
        // Most texts are ASCII. Control characters may belong to one character, as the two of a line's end.
        utf8.allSatisfy { (0x20..<0x7F).contains($0) } ? utf8.count : reduce(0) { $0 + $1.columns }
    }

    /// Cut to a number of columns.
    ///
    /// - Parameter ellipsis: what stands for the rest.
    func fitted(to width: Int, ellipsis: String) -> String {
        guard columns > width else { return self }
        var text = ""
        var used = ellipsis.columns
        for character in self {
            used += character.columns
            if used > width { break }
            text.append(character)
        }
        return text + ellipsis
    }

    /// Cut to a number of columns in its middle: names that begin alike mostly differ at their ends.
    ///
    /// - Parameter ellipsis: what stands for the rest.
    func fittedInMiddle(to width: Int, ellipsis: String) -> String {
        guard columns > width else { return self }
        let room = max(0, width - ellipsis.columns)
        let end = String(String(reversed()).fitted(to: room / 2, ellipsis: "").reversed())
        return fitted(to: room - end.columns, ellipsis: "") + ellipsis + end
    }

    /// Broken between words, without control characters. Spaces at the beginning stand in front of every line.
    ///
    /// - Parameter hanging: how much further in the lines behind the first stand.
    func wrapped(to width: Int, hanging: Int = 0) -> [String] {
        let text = visible
        let indent = String(text.prefix { $0 == " " })
        var lines: [String] = []
        var line = indent
        var isEmpty = true
        for word in text.dropFirst(indent.count).split(separator: " ", omittingEmptySubsequences: false) {
            if !isEmpty, line.columns + 1 + String(word).columns > width {
                lines.append(line)
                line = indent + String(repeating: " ", count: hanging) + word
            } else {
                line += (isEmpty ? "" : " ") + word
            }
            isEmpty = false
        }
        return lines + [line]
    }

    /// Filled with spaces up to a number of columns.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(0, width - columns))
    }
}

extension Character {
    /// Two for the wide characters of East Asia and for emoji, as terminals draw them; one for all others.
    fileprivate var columns: Int {
        guard let first = unicodeScalars.first else { return 0 }
        return switch first.value {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            2
        default: 1
        }
    }
}
