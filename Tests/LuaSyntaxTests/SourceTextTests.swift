import LuaSyntax
import Testing

/// Places of tokens, names, and what is too long for Lua.
@Suite struct SourceTextTests {
    @Test(arguments: [
        ("a b", [1, 3]), ("a\n  b c", [1, 3, 5]), ("x = \"ä😀\" y", [1, 3, 5, 10]), ("--[[ é\n ü ]] a b", [7, 9]),
        ("[[\n]] a", [1, 4]), ("a\r\nb", [1, 1]), ("\ta", [2]), ("#! lua\na", [1]), ("x = 'e\u{301}' y", [1, 3, 5, 9]),
    ])
    func `a column counts characters, from the beginning of the line`(text: String, columns: [Int]) {
        let source = SourceText(text)
        #expect(source.tokens.indices.map { source.column(of: $0) } == columns)
    }

    @Test func `a name means the innermost variable that is declared before it, and after a block the outer one again`()
    {
        let source = SourceText("local a = 1 do local a = 2 f(a) end f(a) do f(a) local a f(a) end f(b)")
        struct Names: SyntaxVisitor {
            var tokens: [Int?] = []
            mutating func visit(_ expression: Expression, isCertain: Bool) {
                if case .name(let name, let variable) = expression.kind, name != "f" { tokens.append(variable?.token) }
            }
        }
        var names = Names()
        names.walk(source.block)
        let declared = source.tokens.indices.filter { $0 > 0 && source.tokens[$0 - 1].isName("local") }
        #expect(names.tokens == [declared[1], declared[0], declared[0], declared[2], nil])
    }

    @Test func `of the calls of a chain the first has a path, and each its callee`() {
        let source = SourceText("a.b(1).c(2):d 'x' {}")
        guard case .call(let chain)? = source.block.first?.kind else {
            Issue.record("no call")
            return
        }
        let calls = Call.all(in: chain)
        #expect(calls.map(\.path) == ["a.b", nil, nil, nil])
        #expect(calls.map(\.isFirst) == [true, false, false, false])
        #expect(calls.map(\.calleeIsCall) == [false, false, true, true])
        #expect(calls.map(\.method) == [nil, nil, "d", nil])
        #expect(
            calls.map { source.text(of: $0.callee.tokens) } == ["a.b", "a.b(1).c", "a.b(1).c(2)", "a.b(1).c(2):d 'x'"])
        #expect(calls[3].callee.call?.method == "d")
    }

    private static let most = SyntaxExcess.most

    @Test(
        arguments: [
            ("if a then" + String(repeating: " elseif b then", count: most - 1) + " end", nil),
            ("if a then" + String(repeating: " elseif b then", count: most) + " end", .branches),
            ("x = a" + String(repeating: " and b", count: most), nil),
            ("x = a" + String(repeating: " and b", count: most + 1), .operators),
            ("f(a" + String(repeating: " or b", count: most + 1) + ")", .operators),
            ("while a" + String(repeating: " and (b or c)", count: most) + " do end", .operators),
            ("(a" + String(repeating: " or b", count: most + 1) + ")()", .operators),
            // Each its own.
            (String(repeating: "(a or b)() ", count: most + 1), nil),
            (String(repeating: "x = a and b ", count: most + 1), nil),
            ("f(" + String(repeating: "a and b, ", count: most + 1) + "c)", nil),
            ("x = {" + String(repeating: "a or b, ", count: most + 1) + "}", nil),
            ("x = a" + String(repeating: " and f(b or c)", count: most), nil),
            ("x = 1" + String(repeating: " + 1", count: 2 * most), nil),
        ] as [(String, SyntaxExcess.Kind?)])
    func `chains that Lua would read for long are found`(text: String, kind: SyntaxExcess.Kind?) {
        let source = SourceText(text)
        #expect(source.excess?.kind == kind)
        #expect(source.isComplete)
    }
}
