/// A call in a script's text.
package struct Call {
    /// The global that is called, or the path from one: `execute`, `studio.jobs`. `nil` for everything else.
    package let path: String?
    /// True if what is called is what another call returned, as in `f "a" { … }`.
    package let calleeIsCall: Bool
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
                kind: .suffixed(base, Array(before)),
                tokens: base.tokens.lowerBound..<(before.last?.tokens.upperBound ?? base.tokens.upperBound))
    }

    /// - Parameters:
    ///   - before: what stands between the base and the call.
    ///   - isFirst: true if no call is among that.
    init?(_ base: Expression, _ before: ArraySlice<Suffix>, _ suffix: Suffix, isFirst: Bool) {
        guard case .call(let method, let arguments, let style) = suffix.kind else { return nil }
        self.base = base
        self.before = before
        self.method = method
        self.arguments = arguments
        self.style = style
        tokens = base.tokens.lowerBound..<suffix.tokens.upperBound
        if case .call? = before.last?.kind { calleeIsCall = true } else { calleeIsCall = false }
        guard isFirst, method == nil else {
            path = nil
            return
        }
        path = before.reduce(base.globalPath) { path, suffix in
            guard let path, case .field(let name) = suffix.kind else { return nil }
            return path + "." + name
        }
    }

    /// All calls of an expression's own chain, in their order: of `f(1).g(2)` both.
    package static func all(in expression: Expression) -> [Call] {
        guard case .suffixed(let base, let suffixes) = expression.kind else { return [] }
        var calls: [Call] = []
        for index in suffixes.indices {
            if let call = Call(base, suffixes[..<index], suffixes[index], isFirst: calls.isEmpty) { calls.append(call) }
        }
        return calls
    }
}
