import HostileTexts
import LuaSyntax
import Testing

/// Reading a text takes a time that grows with its length, whatever it consists of.
@Suite(.serialized) struct SyntaxGrowthTests {
    /// Looks at all that the tree offers of an expression.
    private struct Looker: SyntaxVisitor {
        var count = 0

        mutating func visit(_ expression: Expression, isCertain: Bool) {
            count += (expression.globalPath?.utf8.count ?? 0) + (expression.call?.path?.utf8.count ?? 0)
            for call in Call.all(in: expression) {
                count += call.callee.tokens.count + (call.callee.call?.path?.utf8.count ?? 0)
            }
        }
    }

    /// One construct of the language, as often as is asked for.
    struct Production: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: @Sendable (Int) -> String

        init(_ name: String, _ text: @escaping @Sendable (Int) -> String) {
            testDescription = name
            self.text = text
        }

        /// A part many times between a beginning and an end; `#` is the number of each.
        init(_ beginning: String, _ part: String, _ end: String = "") {
            self.init("\(beginning)\(part)…\(end)") { count in
                let parts = part.split(separator: "#", omittingEmptySubsequences: false)
                return beginning + (0..<count).map { parts.joined(separator: "\($0)") }.joined() + end
            }
        }

        /// The same, each in the one before, in groups as deep as Lua allows.
        init(nested open: String, _ middle: String, _ close: String, deep: Int) {
            self.init("\(open)…\(middle)…\(close)") { count in
                let group =
                    String(repeating: open, count: deep) + middle + String(repeating: close, count: deep) + "\n"
                return String(repeating: group, count: max(1, count / deep))
            }
        }
    }

    static let productions: [Production] = [
        // What is called, and fields.
        Production("f", "()"), Production("f", "(1)"), Production("f", " \"a\""), Production("f", "{}"),
        Production("f", ":m()"), Production("f", ".a", "()"), Production("x = f", ".a"), Production("f", "[1]", "()"),
        Production("f", ".a()"), Production("f", ".a"), Production("function a", ".b", "() end"),
        Production("fields before calls") { count in
            "f" + String(repeating: ".a", count: count) + String(repeating: "\"x\"", count: count)
        },
        // Operators.
        Production("x = 1", " + 1"), Production("x = a", " .. a"), Production("x = a", " and b or c"),
        Production("x = a", " == a"), Production("x = 1", "^1"), Production("x = ", "- ", "1"),
        Production("x = ", "(", "1"),
        // Tables and arguments.
        Production("x = {", "1,", "}"), Production("x = {", "a#=1,", "}"), Production("x = {", "[#]=1,", "}"),
        Production("f(1", ",1", ")"), Production("return 1", ",1"), Production("a", ",a.b", " = 1"),
        // Names.
        Production("", "local a# = 1\n"), Production("local a", ",a#"), Production("", "local a = a\n"),
        Production("", "do local a = b end\n"), Production("", "function f#(a, b) return a end\n"),
        Production("function f(a", ",a#", ") end"), Production("", "local a# <const> = 1\n"),
        Production("for k", ",a#", " in f do end"), Production("", "a# = 1\n"),
        // Statements.
        Production("if a then", " elseif b then c()", " end"), Production("", "goto l# ::l#::\n"),
        Production("", "::l#::\n"), Production("", "f()\n"), Production("", ";"),
        Production("", "for i = 1, 2 do f() end\n"), Production("", "while a do f() end\n"),
        Production("", "repeat f() until a\n"), Production("", "if a then break end\n"),
        // What stands in itself.
        Production(nested: "do ", "x = y ", "end ", deep: 150), Production(nested: "if a then ", "", "end ", deep: 100),
        Production(nested: "f(", "", ")", deep: 150), Production(nested: "f(function() ", "", "end)", deep: 60),
        Production("x = ", "{", ""), Production("", "f(", ""), Production("", "do "), Production("", "f(function() "),
        Production("names in deep blocks") { count in
            String(repeating: "do local a ", count: 150) + String(repeating: "x = y ", count: count)
        },
        // Tokens.
        Production("x = [[", "a]", "]]"), Production("x = [==[", "]=]", "]==]"), Production("x = ", "[="),
        Production("x = [", "="), Production("x = \"", "a", "\""), Production("x = \"", "\\n", "\""),
        Production("x = \"", "\\z \n", "\""), Production("", "-- a\n"), Production("", "--[[ a ]] "),
        Production("--[[", "a]", "]]"), Production("--", "a"), Production("", "--["), Production("", "\n"),
        Production("x = ", "1"), Production("", "a"), Production("", "+"), Production("", "\""), Production("", "\0"),
        Production("", "x = \"ä\" "), Production("", "--[[ä]] f() "),
    ]

    @Test(arguments: productions)
    func `a text that is eight times as long takes no more than some eight times as long`(production: Production) {
        let factor = Growth.factor(from: 1_500, input: production.text) { text in
            let source = SourceText(text)
            var looker = Looker()
            looker.walk(source.block)
            var places = looker.count
            for token in source.tokens.indices { places += source.column(of: token) + source.line(of: token) }
            #expect(places >= 0)
        }
        #expect(factor < Growth.most)
    }
}
