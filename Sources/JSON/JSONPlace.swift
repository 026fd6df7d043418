/// A place in a text, as a person counts.
package struct JSONPlace: Hashable, Sendable, CustomStringConvertible {
    /// From 1.
    package let line: Int
    /// From 1, in Unicode scalars.
    package let column: Int

    /// The place of a byte of a text. An offset beyond the end is the end; lines end with a line feed.
    package init(of offset: Int, in bytes: [UInt8]) {
        let before = bytes.prefix(offset)
        let line = before.suffix(from: before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0)
        self.line = before.count { $0 == UInt8(ascii: "\n") } + 1
        self.column = line.count { $0 & 0xC0 != 0x80 } + 1
    }

    /// `line 3, column 7`
    package var description: String { "line \(line), column \(column)" }
}
