/// What looks at the parts of a script, each before its own parts.
package protocol SyntaxVisitor {
    /// The statements of a block, before each of them.
    mutating func visit(block: [Statement])
    /// A statement, before what it consists of.
    ///
    /// - Parameter isCertain: true if it is reached whenever the script runs: it stands in no function, branch or loop, and
    ///   nothing before it may end the script.
    mutating func visit(_ statement: Statement, isCertain: Bool)
    /// An expression, before what it consists of.
    mutating func visit(_ expression: Expression, isCertain: Bool)
}

extension SyntaxVisitor {
    /// Looks at nothing of its own.
    package mutating func visit(block: [Statement]) {}
    /// Looks at nothing of its own.
    package mutating func visit(_ statement: Statement, isCertain: Bool) {}
    /// Looks at nothing of its own.
    package mutating func visit(_ expression: Expression, isCertain: Bool) {}

    /// Looks at all parts of a script.
    package mutating func walk(_ block: [Statement]) {
        var walk = SyntaxWalk(visitor: self)
        walk.block(block, isCertain: true)
        self = walk.visitor
    }
}
