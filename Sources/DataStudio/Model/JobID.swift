package import JSON

/// A job's id on its server. Servers use integers and UUIDs; to us it is a text, so that no integer becomes a float.
package struct JobID: Hashable, Sendable, CustomStringConvertible {
    /// The id as the server wrote it; integers in decimal digits.
    package let text: String

    /// An id as the server wrote it.
    package init(_ text: String) {
        self.text = text
    }

    /// Reads an id of a reply: a string with a character that is no white space, or a whole number.
    ///
    /// A whole number written with a point, as `4711.0`, counts while a float holds it exactly.
    package init?(_ json: JSON?) {
        switch json {
        case .string(let text) where !text.allSatisfy(\.isWhitespace):
            // An id is shown to people and stands in paths: one with control characters is none.
            guard text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else { return nil }
            self.init(text)
        case .integer(let number): self.init(String(number))
        case .number(let number) where abs(number) < 9_007_199_254_740_992:
            guard let whole = Int64(exactly: number) else { return nil }
            self.init(String(whole))
        default: return nil
        }
    }

    /// The id itself.
    package var description: String { text }
}

extension [JobID] {
    /// The jobs in a sentence, the first twenty of them: `7 or 8 or 9`.
    package func words(joinedBy separator: String) -> String {
        let shown = prefix(20).map(\.text).joined(separator: separator)
        return count > 20 ? "\(shown)\(separator)one of \(count - 20) more" : shown
    }
}
