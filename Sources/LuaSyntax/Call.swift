/// A call in a script's text.
package struct Call {
    /// The global that is called, or the path from one: `execute`, `studio.jobs`. `nil` for everything else.
    package let path: String?
    /// True if what is called is what another call returned, as in `f "a" { … }`.
    package let calleeIsCall: Bool
    /// True if no other call stands before it in its chain.
    package let isFirst: Bool
    /// The name of a method.
    package let method: String?
    /// What it is called with.
    package let arguments: [Expression]
    /// How the arguments are written.
    package let style: Suffix.Style
    /// Positions of the tokens of callee and arguments.
    package let tokens: Range<Int>

    private let base: Expression
    private let before: ArraySlice<Suffix>

    /// What is called, without the arguments.
    package var callee: Expression {
        before.isEmpty
            ? base
            : Expression(
                kind: .suffixed(base, before),
                tokens: base.tokens.lowerBound..<(before.last?.tokens.upperBound ?? base.tokens.upperBound))
    }

    /// - Parameter before: what stands between the base and the call.
    init?(_ base: Expression, _ before: ArraySlice<Suffix>, _ suffix: Suffix) {
        guard case .call(let method, let arguments, let style) = suffix.kind else { return nil }
        self.base = base
        self.before = before
        self.method = method
        self.arguments = arguments
        self.style = style
        tokens = base.tokens.lowerBound..<suffix.tokens.upperBound
        calleeIsCall = before.last?.isCall == true
        isFirst = !suffix.followsCall
        path = isFirst && method == nil ? base.path(through: before) : nil
    }

    /// All calls of an expression's own chain, in their order: of `f(1).g(2)` both.
    package static func all(in expression: Expression) -> [Call] {
        guard case .suffixed(let base, let suffixes) = expression.kind else { return [] }
        return suffixes.indices.compactMap { Call(base, suffixes[..<$0], suffixes[$0]) }
    }
}
