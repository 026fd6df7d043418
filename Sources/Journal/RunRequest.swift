/// A request to the process that holds a run.
package struct RunRequest: Hashable, Sendable {
    /// `stop` or `cancel`.
    package let verb: String
    /// What the verb needs, if it needs anything.
    package let argument: String
    /// Who wants it.
    package let by: String
}
