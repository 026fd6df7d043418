/// Shows a visitor every part of a script in the order in which it is written.
struct SyntaxWalk<Visitor: SyntaxVisitor> {
    var visitor: Visitor
    /// What follows a way out of the script may never be reached.
    private var mayBeOver = false

    private static var waysOut: Set<String> { ["finish", "skip", "fail", "error"] }

    init(visitor: Visitor) {
        self.visitor = visitor
    }

    mutating func block(_ block: [Statement], isCertain: Bool) {
        visitor.visit(block: block)
        for statement in block { self.statement(statement, isCertain: isCertain && !mayBeOver) }
    }

    private mutating func statement(_ statement: Statement, isCertain: Bool) {
        visitor.visit(statement, isCertain: isCertain)
        switch statement.kind {
        case .local(_, let values): expressions(values, isCertain)
        case .localFunction(_, let body): block(body.block, isCertain: false)
        case .assignment(let targets, let values):
            expressions(targets, isCertain)
            expressions(values, isCertain)
        case .function(let target, let body):
            expression(target, isCertain)
            block(body.block, isCertain: false)
        case .call(let call): expression(call, isCertain)
        case .do(let body): block(body, isCertain: isCertain)
        case .while(let condition, let body):
            expression(condition, isCertain)
            block(body, isCertain: false)
        case .repeat(let body, let condition):
            block(body, isCertain: isCertain)
            expression(condition, isCertain)
        case .if(let branches, let other):
            for (index, branch) in branches.enumerated() {
                expression(branch.condition, isCertain && index == 0)
                block(branch.block, isCertain: false)
            }
            if let other { block(other, isCertain: false) }
        case .numericFor(_, let bounds, let body):
            expressions(bounds, isCertain)
            block(body, isCertain: false)
        case .genericFor(_, let values, let body):
            expressions(values, isCertain)
            block(body, isCertain: false)
        case .return(let values):
            expressions(values, isCertain)
            mayBeOver = true
        case .goto, .break: mayBeOver = true
        case .label: break
        }
    }

    private mutating func expressions(_ list: [Expression], _ isCertain: Bool) {
        for one in list { expression(one, isCertain && !mayBeOver) }
    }

    private mutating func expression(_ expression: Expression, _ isCertain: Bool) {
        visitor.visit(expression, isCertain: isCertain)
        switch expression.kind {
        case .nil, .boolean, .number, .string, .varargs: break
        case .name(let name, _): if Self.waysOut.contains(name) { mayBeOver = true }
        case .function(let body): block(body.block, isCertain: false)
        case .table(let entries):
            for entry in entries {
                if case .expression(let key) = entry.key { self.expression(key, isCertain) }
                self.expression(entry.value, isCertain)
            }
        case .parenthesised(let inner), .unary(_, let inner): self.expression(inner, isCertain)
        case .binary(let first, let rest):
            self.expression(first, isCertain)
            for (symbol, operand) in rest {
                self.expression(operand, isCertain && symbol != "and" && symbol != "or")
            }
        case .suffixed(let base, let suffixes):
            self.expression(base, isCertain)
            for suffix in suffixes {
                switch suffix.kind {
                case .field: break
                case .index(let key): self.expression(key, isCertain)
                case .call(_, let arguments, _): expressions(arguments, isCertain)
                }
            }
        }
    }
}
