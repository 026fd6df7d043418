/// A text that is not JSON.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Bytes from the beginning of the text.
    package let offset: Int
    package let message: String

    package var description: String { "not JSON: \(message), at byte \(offset)" }
}
