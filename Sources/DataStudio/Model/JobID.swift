package import JSON

/// A job's id on its server. Servers use integers and UUIDs; to us it is a text, so that no integer becomes a float.
package struct JobID: Hashable, Sendable, CustomStringConvertible {
    /// The id as the server wrote it; integers in decimal digits.
    package let text: String

    /// An id as the server wrote it.
    package init(_ text: String) {
        self.text = text
    }

    /// Reads an id of a reply: a string that is not empty, or a whole number.
    package init?(_ json: JSON?) {
        switch json {
        case .string(let text) where !text.isEmpty: self.init(text)
        case .integer(let number): self.init(String(number))
        default: return nil
        }
    }

    /// The id itself.
    package var description: String { text }
}
