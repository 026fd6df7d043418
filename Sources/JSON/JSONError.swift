/// A text that is not JSON.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Bytes from the beginning of the text.
    package let offset: Int
    /// What is wrong there, in a few words.
    package let message: String

    /// What is wrong and where, in one line.
    package var description: String { "not JSON: \(message), at byte \(offset)" }
}
