/// Why a run cannot be retried.
package struct RetryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is in the way and what to do, for a person.
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
