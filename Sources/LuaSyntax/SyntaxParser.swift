/// Makes a tree of a script's tokens, each name with the variable that it means.
///
/// What is wrong with a text Lua itself says. What is not expected here ends the reading; the rest is left out. The grammar is that of the Lua 5.4 manual, section 9.
package struct SyntaxParser {
    let tokens: [SourceToken]
    var position = 0
    /// The variables that can be seen by their names, those of inner blocks last.
    private var visible: [String: [Variable]] = [:]
    /// Of each open block the names that it has declared, as often as it has.
    private var scopes: [[String]] = [[]]
    private(set) var hasFailed = false
    /// How deep the reading is in what stands inside of something else: Lua itself takes 200 levels.
    private var depth = 0
    private static let deepest = 250
    /// How many `and` and `or` the expression at hand has had.
    private var jumps = 0
    private var excess: SyntaxExcess?

    private init(_ tokens: [SourceToken]) {
        self.tokens = tokens
    }

    /// The statements of a script.
    ///
    /// - Returns: with them, whether they are all that there is, and what there is too much of.
    package static func block(
        of tokens: [SourceToken]
    ) -> (statements: [Statement], isComplete: Bool, excess: SyntaxExcess?) {
        var parser = SyntaxParser(tokens)
        let statements = parser.statements()
        return (statements, !parser.hasFailed && parser.position == tokens.count, parser.excess)
    }

    /// Goes one level deeper.
    mutating func deeper<Result>(_ body: (inout SyntaxParser) -> Result) -> Result {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.deepest { fail() }
        return body(&self)
    }

    // MARK: Tokens

    var current: SourceToken? { !hasFailed && position < tokens.count ? tokens[position] : nil }

    func isAt(_ text: String) -> Bool {
        guard let current else { return false }
        return current.isSymbol(text) || current.isName(text)
    }

    mutating func take(_ text: String) -> Bool {
        guard isAt(text) else { return false }
        position += 1
        return true
    }

    mutating func expect(_ text: String) {
        if !take(text) { fail() }
    }

    mutating func fail() {
        hasFailed = true
    }

    mutating func name() -> String {
        guard let name = current?.name else {
            fail()
            return ""
        }
        position += 1
        return name
    }

    // MARK: What is too much

    /// Reads an expression of its own: its jumps are not those of what it stands in.
    mutating func withOwnJumps<Result>(_ body: (inout SyntaxParser) -> Result) -> Result {
        let outer = jumps
        jumps = 0
        defer { jumps = outer }
        return body(&self)
    }

    /// The token before is an `and` or `or`.
    mutating func countJump() {
        jumps += 1
        check(jumps, .operators)
    }

    private mutating func check(_ count: Int, _ kind: SyntaxExcess.Kind) {
        if excess == nil, count > SyntaxExcess.most { excess = SyntaxExcess(kind: kind, token: position - 1) }
    }

    // MARK: Names

    func variable(_ name: String) -> Variable? { visible[name]?.last }

    private mutating func declare(_ variables: [Variable]) {
        for variable in variables {
            visible[variable.name, default: []].append(variable)
            scopes[scopes.count - 1].append(variable.name)
        }
    }

    private mutating func scoped<Result>(_ body: (inout SyntaxParser) -> Result) -> Result {
        scopes.append([])
        defer { for name in scopes.removeLast() { visible[name]?.removeLast() } }
        return deeper(body)
    }

    private mutating func declaration() -> Variable {
        let token = position
        return Variable(name(), token: token)
    }

    // MARK: Statements

    private mutating func block() -> [Statement] { scoped { $0.statements() } }

    private mutating func statements() -> [Statement] {
        var statements: [Statement] = []
        while let token = current {
            if let name = token.name, ["end", "else", "elseif", "until"].contains(name) { break }
            if take(";") { continue }
            let first = position
            guard let kind = statement(), !hasFailed else { break }
            statements.append(Statement(kind: kind, tokens: first..<position))
            if case .return = kind { break }
        }
        return statements
    }

    private mutating func statement() -> Statement.Kind? {
        switch current?.name {
        case "local":
            position += 1
            return take("function") ? localFunction() : local()
        case "function":
            position += 1
            return function()
        case "do":
            position += 1
            defer { expect("end") }
            return .do(block())
        case "while":
            position += 1
            let condition = expression()
            expect("do")
            defer { expect("end") }
            return .while(condition, block())
        case "repeat":
            position += 1
            return scoped { parser in
                let body = parser.statements()
                parser.expect("until")
                return .repeat(body, parser.expression())
            }
        case "if": return branches()
        case "for":
            position += 1
            return loop()
        case "return":
            position += 1
            let isEmpty =
                current == nil || isAt(";") || ["end", "else", "elseif", "until"].contains { isAt($0) }
            let values = isEmpty ? [] : expressions()
            _ = take(";")
            return .return(values)
        case "break":
            position += 1
            return .break
        case "goto" where position + 1 < tokens.count && tokens[position + 1].name != nil:
            position += 1
            return .goto(name())
        default:
            if take("::") {
                let label = name()
                expect("::")
                return .label(label)
            }
            return expressionStatement()
        }
    }

    private mutating func local() -> Statement.Kind {
        var variables: [Variable] = []
        repeat {
            let token = position
            let name = name()
            var attribute: String?
            if take("<") {
                attribute = self.name()
                expect(">")
            }
            variables.append(Variable(name, token: token, attribute: attribute))
        } while take(",")
        let values = take("=") ? expressions() : []
        for (variable, value) in zip(variables, values) { variable.value = value }
        declare(variables)
        return .local(variables, values)
    }

    private mutating func localFunction() -> Statement.Kind {
        let variable = declaration()
        declare([variable])
        return .localFunction(variable, functionBody())
    }

    private mutating func function() -> Statement.Kind {
        let first = position
        let base = Expression(kind: nameKind(), tokens: first..<position)
        var suffixes: [Suffix] = []
        while isAt(".") || isAt(":") {
            let start = position
            position += 1
            suffixes.append(Suffix(kind: .field(name()), tokens: start..<position, followsCall: false))
        }
        if suffixes.isEmpty, case .name(_, let variable) = base.kind { variable?.isAssigned = true }
        let target =
            suffixes.isEmpty ? base : Expression(kind: .suffixed(base, suffixes[...]), tokens: first..<position)
        return .function(target, functionBody())
    }

    mutating func nameKind() -> Expression.Kind {
        let name = name()
        return .name(name, variable(name))
    }

    mutating func functionBody() -> FunctionBody {
        expect("(")
        var parameters: [Variable] = []
        while current != nil, !isAt(")") {
            if !take("...") { parameters.append(declaration()) }
            if !take(",") { break }
        }
        expect(")")
        let block = scoped { parser in
            // A method's own name for its table; its position is that of no token.
            parser.declare([Variable("self", token: parser.position)] + parameters)
            return parser.statements()
        }
        expect("end")
        return FunctionBody(parameters: parameters, block: block)
    }

    private mutating func branches() -> Statement.Kind {
        var branches: [(condition: Expression, block: [Statement])] = []
        var other: [Statement]?
        repeat {
            position += 1
            check(branches.count + 1, .branches)
            let condition = expression()
            expect("then")
            branches.append((condition, block()))
        } while isAt("elseif")
        if take("else") { other = block() }
        expect("end")
        return .if(branches, else: other)
    }

    private mutating func loop() -> Statement.Kind {
        var variables = [declaration()]
        if take("=") {
            let bounds = expressions()
            return .numericFor(variables[0], bounds, loopBody(variables))
        }
        while take(",") { variables.append(declaration()) }
        expect("in")
        let values = expressions()
        return .genericFor(variables, values, loopBody(variables))
    }

    private mutating func loopBody(_ variables: [Variable]) -> [Statement] {
        expect("do")
        defer { expect("end") }
        return scoped { parser in
            parser.declare(variables)
            return parser.statements()
        }
    }

    private mutating func expressionStatement() -> Statement.Kind? {
        let first = withOwnJumps { $0.suffixed() }
        guard isAt("=") || isAt(",") else {
            guard first.call != nil else {
                fail()
                return nil
            }
            return .call(first)
        }
        var targets = [first]
        while take(",") { targets.append(withOwnJumps { $0.suffixed() }) }
        expect("=")
        let values = expressions()
        for target in targets {
            if case .name(_, let variable) = target.kind { variable?.isAssigned = true }
        }
        return .assignment(targets, values)
    }
}
