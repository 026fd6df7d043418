import Escaping

/// Text on its way to a terminal.
enum TerminalText {
    /// Baton's own colours, and their end.
    private static let colours: Set<String> = ["0", "2", "31", "32", "33", "36"]
    /// One row up, to the end of the line, and to the end of the screen: how lines are drawn in the place of others.
    private static let moves: Set<Unicode.Scalar> = ["A", "J", "K"]

    /// The text without control characters that are not Baton's own.
    static func shown(_ text: String, draws: Bool) -> String {
        // Most texts have none.
        guard text.unicodeScalars.contains(where: { TextFormat.isControl($0) && $0 != "\n" }) else { return text }
        var shown = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.first {
            if scalar == "\u{1B}", let sequence = sequence(at: rest, draws: draws) {
                shown.append(contentsOf: sequence)
                rest = rest.dropFirst(sequence.count)
                continue
            }
            let isKept = !TextFormat.isControl(scalar) || scalar == "\n" || scalar == "\t" || (draws && scalar == "\r")
            shown.append(isKept ? scalar : " ")
            rest = rest.dropFirst()
        }
        return String(shown)
    }

    /// A sequence of Baton's own with which a text begins.
    private static func sequence(
        at text: Substring.UnicodeScalarView, draws: Bool
    ) -> Substring.UnicodeScalarView? {
        let body = text.dropFirst()
        guard body.first == "[" else { return nil }
        let digits = body.dropFirst().prefix { ("0"..."9").contains($0) }
        guard digits.count <= 4, let last = body.dropFirst(1 + digits.count).first else { return nil }
        let isOwn = last == "m" ? colours.contains(String(digits)) : draws && moves.contains(last)
        return isOwn ? text.prefix(3 + digits.count) : nil
    }
}
