/// Expressions.
extension SyntaxParser {
    /// Operators between two operands by rank, the weakest first; those of a rank stand in a list from left to right,
    /// also where Lua applies them from the right.
    private static let ranks: [[String]] = [
        ["or"], ["and"], ["<", ">", "<=", ">=", "~=", "=="], ["|"], ["~"], ["&"], ["<<", ">>"], [".."], ["+", "-"],
        ["*", "/", "//", "%"],
    ]
    private static let unary = ["not", "#", "-", "~"]

    mutating func expressions() -> [Expression] {
        var list = [expression()]
        while take(",") { list.append(expression()) }
        return list
    }

    mutating func expression() -> Expression { withOwnJumps { $0.operand() } }

    /// An expression that is a part of another one, as in parentheses.
    private mutating func operand() -> Expression { deeper { $0.expression(rank: 0) } }

    private mutating func expression(rank: Int) -> Expression {
        guard rank < Self.ranks.count else { return unary() }
        let first = position
        let operand = expression(rank: rank + 1)
        var rest: [(symbol: String, operand: Expression)] = []
        while let token = current, let text = token.symbol ?? token.name, Self.ranks[rank].contains(text) {
            position += 1
            if rank < 2 { countJump() }
            rest.append((text, expression(rank: rank + 1)))
        }
        return rest.isEmpty ? operand : Expression(kind: .binary(operand, rest), tokens: first..<position)
    }

    private mutating func unary() -> Expression {
        let first = position
        if let token = current, let text = token.symbol ?? token.name, Self.unary.contains(text) {
            position += 1
            let operand = deeper { $0.unary() }
            return Expression(kind: .unary(symbol: text, operand), tokens: first..<position)
        }
        let base = simple()
        guard take("^") else { return base }
        let exponent = deeper { $0.unary() }
        return Expression(kind: .binary(base, [("^", exponent)]), tokens: first..<position)
    }

    private mutating func simple() -> Expression {
        let first = position
        func made(_ kind: Expression.Kind, _ parser: SyntaxParser) -> Expression {
            Expression(kind: kind, tokens: first..<parser.position)
        }
        switch current?.kind {
        case .number:
            position += 1
            return made(.number, self)
        case .string(let text):
            position += 1
            return made(.string(text), self)
        case .name("nil"):
            position += 1
            return made(.nil, self)
        case .name("true"), .name("false"):
            position += 1
            return made(.boolean(tokens[first].isName("true")), self)
        case .name("function"):
            position += 1
            let body = functionBody()
            return made(.function(body), self)
        case .symbol("..."):
            position += 1
            return made(.varargs, self)
        case .symbol("{"):
            let entries = table()
            return made(.table(entries), self)
        default: return suffixed()
        }
    }

    /// A name or something in parentheses, with fields, indexes and calls behind it.
    mutating func suffixed() -> Expression {
        let first = position
        let base: Expression
        if take("(") {
            let inner = operand()
            expect(")")
            base = Expression(kind: .parenthesised(inner), tokens: first..<position)
        } else {
            let kind = nameKind()
            base = Expression(kind: kind, tokens: first..<position)
        }
        var suffixes: [Suffix] = []
        var hasCall = false
        while let suffix = suffix(followsCall: hasCall) {
            suffixes.append(suffix)
            hasCall = hasCall || suffix.isCall
        }
        return suffixes.isEmpty ? base : Expression(kind: .suffixed(base, suffixes[...]), tokens: first..<position)
    }

    private mutating func suffix(followsCall: Bool) -> Suffix? {
        let first = position
        let kind: Suffix.Kind
        switch current?.kind {
        case .symbol("."):
            position += 1
            kind = .field(name())
        case .symbol("["):
            position += 1
            kind = .index(expression())
            expect("]")
        case .symbol(":"):
            position += 1
            let method = name()
            guard let (arguments, style) = arguments() else {
                fail()
                return nil
            }
            kind = .call(method: method, arguments, style)
        default:
            guard let (arguments, style) = arguments() else { return nil }
            kind = .call(method: nil, arguments, style)
        }
        return Suffix(kind: kind, tokens: first..<position, followsCall: followsCall)
    }

    private mutating func arguments() -> ([Expression], Suffix.Style)? {
        let first = position
        switch current?.kind {
        case .string(let text):
            position += 1
            return ([Expression(kind: .string(text), tokens: first..<position)], .string)
        case .symbol("{"):
            let entries = table()
            return ([Expression(kind: .table(entries), tokens: first..<position)], .table)
        case .symbol("("):
            position += 1
            let values = isAt(")") ? [] : expressions()
            expect(")")
            return (values, .parentheses)
        default: return nil
        }
    }

    private mutating func table() -> [TableEntry] {
        expect("{")
        var entries: [TableEntry] = []
        while current != nil, !isAt("}") {
            let first = position
            let key: TableEntry.Key
            if take("[") {
                let index = expression()
                expect("]")
                expect("=")
                key = .expression(index)
            } else if current?.name != nil, position + 1 < tokens.count, tokens[position + 1].isSymbol("=") {
                key = .name(name())
                expect("=")
            } else {
                key = .position
            }
            let value = expression()
            entries.append(TableEntry(key: key, value: value, tokens: first..<position))
            if !take(","), !take(";") { break }
        }
        expect("}")
        return entries
    }
}
