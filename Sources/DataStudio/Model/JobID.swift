/// A job's id on its server. Servers use integers and UUIDs; to us it is a text, so that no integer becomes a float.
package struct JobID: Hashable, Sendable, CustomStringConvertible {
    package let text: String

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

    package var description: String { text }
}
