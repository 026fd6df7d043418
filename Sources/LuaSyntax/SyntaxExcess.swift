/// What a text has so many of that Lua would take very long to read it.
///
/// Lua reads a chain of `elseif`, `and` or `or` in a time that grows with the square of its length: 5 000 links take 30 ms,
/// 80 000 take 8 s. A longer chain than ``most`` is not given to Lua.
package struct SyntaxExcess: Hashable, Sendable {
    /// What is too long.
    package enum Kind: Hashable, Sendable {
        /// `if` with its `elseif`.
        case branches
        /// `and` and `or` of one expression.
        case operators
    }

    /// So many branches, or operators, are read.
    package static let most = 5_000

    /// What is too long.
    package let kind: Kind
    /// The position of the first token that is too much.
    package let token: Int

    /// What is wrong and what to do, in a sentence.
    package var message: String {
        switch kind {
        case .branches: "an if has \(Self.most) branches at most: use a table instead"
        case .operators: "an expression has \(Self.most) \"and\" and \"or\" at most: use a loop or a table instead"
        }
    }
}
