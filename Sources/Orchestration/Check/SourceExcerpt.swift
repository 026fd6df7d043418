/// The part of a line around a place that is shown to people: a line may have a million characters.
package struct SourceExcerpt: Hashable, Sendable {
    /// Of a long line the part around the place, with `…` where something is left out.
    package let text: String
    /// Where the place is in ``text``, from 1, in characters.
    package let column: Int

    /// So many characters are shown before the place, and as many from it on.
    private static let reach = 100

    /// - Parameter column: of the place, from 1, in characters; one behind the end of the line is its end.
    package init(of line: some StringProtocol, around column: Int) {
        let place =
            line.index(line.startIndex, offsetBy: max(0, column - 1), limitedBy: line.endIndex) ?? line.endIndex
        let start = line.index(place, offsetBy: -Self.reach, limitedBy: line.startIndex) ?? line.startIndex
        let end = line.index(place, offsetBy: Self.reach, limitedBy: line.endIndex) ?? line.endIndex
        let before = (start == line.startIndex ? "" : "…") + line[start..<place]
        text = before + line[place..<end] + (end == line.endIndex ? "" : "…")
        self.column = before.count + 1
    }
}

extension String {
    /// The text itself, or the beginning of one with more bytes, followed by `…`.
    func shortened(to most: Int) -> String {
        guard utf8.count > most else { return self }
        return self[..<utf8.index(utf8.startIndex, offsetBy: most)] + "…"
    }
}
