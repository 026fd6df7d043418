/// Settings that cannot be used: what is wrong, where, and what to do. Nothing has been started.
package struct ConfigurationError: Error, Sendable, CustomStringConvertible {
    /// One line for each thing that is wrong.
    package let problems: [String]

    package init(_ problems: String...) {
        self.problems = problems
    }

    package init(problems: [String]) {
        self.problems = problems
    }

    package var description: String { problems.joined(separator: "\n") }
}
