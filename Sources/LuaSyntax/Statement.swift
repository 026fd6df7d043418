/// A statement of a script.
package struct Statement {
    /// What it is.
    package indirect enum Kind {
        case local([Variable], [Expression])
        case localFunction(Variable, FunctionBody)
        case assignment([Expression], [Expression])
        /// `function a.b()`
        case function(Expression, FunctionBody)
        case call(Expression)
        case `do`([Statement])
        case `while`(Expression, [Statement])
        case `repeat`([Statement], Expression)
        case `if`([(condition: Expression, block: [Statement])], else: [Statement]?)
        case numericFor(Variable, [Expression], [Statement])
        case genericFor([Variable], [Expression], [Statement])
        case `return`([Expression])
        case `break`
        case goto(String)
        case label(String)
    }

    /// What it is.
    package let kind: Kind
    /// Positions of its tokens.
    package let tokens: Range<Int>
}
