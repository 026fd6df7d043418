/// Settings that cannot be used: what is wrong, where, and what to do. Nothing has been started.
package struct ConfigurationError: Error, Sendable, CustomStringConvertible {
    /// One line for each thing that is wrong.
    package let problems: [String]
    /// The user as whom it can be used, where this process is root's and it belongs to another.
    package var owner: String?

    /// An error of these lines; at least one.
    package init(_ problems: String...) {
        self.problems = problems
    }

    /// What a reader has collected; at least one. Of very many the first are kept.
    package init(problems: [String]) {
        self.problems =
            problems.count > Self.most ? problems.prefix(Self.most) + ["… and more of the kind"] : problems
    }

    /// So many are reported: nobody reads more.
    static let most = 50

    /// The problems, one per line.
    package var description: String { problems.joined(separator: "\n") }
}
