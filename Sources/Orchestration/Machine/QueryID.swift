/// The number of a question to a server.
package struct QueryID: Hashable, Sendable {
    /// From 1, and used once in a run.
    package let number: Int
}
