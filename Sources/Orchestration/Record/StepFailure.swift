/// A request that failed for good.
package struct StepFailure: Hashable, Sendable {
    /// `rejected`, `unsupported`, `protocol`, `auth` or `unreachable`.
    package var kind: ErrorKind
    /// What the server said, or what went wrong.
    package var message: String

    /// A failure of one of those kinds, in words for a person.
    package init(kind: ErrorKind, message: String) {
        self.kind = kind
        self.message = message
    }
}
