import LuaSyntax

/// All calls of a text, in their order.
struct CallCollector: SyntaxVisitor {
    private(set) var found: [(call: Call, isCertain: Bool)] = []

    /// The calls.
    var calls: [Call] { found.map(\.call) }

    mutating func visit(_ expression: Expression, isCertain: Bool) {
        for call in Call.all(in: expression) { found.append((call, isCertain)) }
    }
}
