import HostileTexts
import LuaSyntax
import Orchestration
import Testing

/// Scripts that are very long: checking them takes a time that grows with their length, and little is said of them.
@Suite(.serialized) struct LongScriptTests {
    struct Script: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: @Sendable (Int) -> String

        /// A part many times between a beginning and an end; `#` is the number of each.
        init(_ beginning: String, _ part: String, _ end: String = "") {
            testDescription = "\(beginning)\(part)…\(end)"
            text = { count in
                let parts = part.split(separator: "#", omittingEmptySubsequences: false)
                return beginning + (0..<count).map { parts.joined(separator: "\($0)") }.joined() + end
            }
        }

        /// What is said of a long local again and again.
        init(long local: String, used: String) {
            testDescription = "\(local)… \(used)…"
            text = { count in
                local + String(repeating: " + 1", count: count) + "\n" + String(repeating: used, count: count / 4)
            }
        }
    }

    static let scripts: [Script] = [
        Script("f", "()"), Script("f", " \"a\""), Script("f", ".a()"),
        Script("local s = server \"x\" s.execute", " \"a\""),
        Script("", "nosuch#() "), Script("", "nosuch#()\n"), Script("", "nosuch() "), Script("", "x# = exeute#\n"),
        Script("", "os.nosuch() "), Script("", "execute \"a#\" "), Script("", "execute { \"a#\", timeot = 3 } "),
        Script("execute {", "a# = 1,", "}"), Script("parallel {", "\"a#\",", "}"),
        Script("x = now()", " == \"a\""), Script("", "finish() "), Script("", "param \"p#\" "),
        Script("", "secret \"p#\" "), Script("", "require \"m#\" "), Script("", "x = \"ä\" nosuch() "),
        Script("", "xpcall(f, function() sleep(1) end) "), Script("", "execute { \"a\", server = \"s#\" } "),
        Script(long: "local a = 1", used: "execute(a) "), Script(long: "local state = 1", used: "state() "),
        // What does not parse.
        Script("", "if a# then end\n", "end"), Script("", "a# = 1 ", "x = = 1"), Script("x = = \"", "a", "\""),
        Script("x = \"", "a"), Script("if a then", " elseif b then c()", " end"), Script("x = a", " and b"),
        Script("x = ", "("), Script("f(", "{"),
    ]

    @Test(arguments: scripts)
    func `a script that is eight times as long takes no more than some eight times as long`(script: Script) {
        let factor = Growth.factor(from: 400, input: script.text) { text in
            _ = ScriptSource.modules(in: text)
            guard ScriptSource.syntaxFinding(in: text, name: "n.lua") == nil else { return }
            let source = ScriptSource(text, name: "n.lua")
            _ = source.findings + source.parameterFindings(["given": "1"]) + source.labelFindings(known: ["b", "c"])
            var names = ConfiguredNames()
            (names.secrets, names.servers) = (["b", "c"], ["d", "e"])
            _ = source.configurationFindings(names)
            _ = source.secrets(among: ["b"])
        }
        #expect(factor < Growth.most)
    }

    @Test func `of many findings the first hundred certain ones and the first hundred others are kept`() {
        let text =
            String(repeating: "os.nosuch()\n", count: 300)
            + String(repeating: "execute { 'a', timeot = 3 }\n", count: 300)
        let findings = ScriptSource(text, name: "n.lua").findings
        #expect(findings.count(where: \.isCertain) == 100)
        #expect(findings.count { !$0.isCertain } == 100)
        #expect(findings.first?.line == 1 && findings.last?.line == 400)
    }

    @Test func `what may have been meant is still found in a long script, while the work for it is bounded`() {
        let names = (0..<1_000).map { "name\($0) = \($0)\n" }.joined()
        let findings = ScriptSource(names + "exeucte 'a'", name: "n.lua").findings
        #expect(findings.map(\.fix) == ["execute"])
    }

    @Test(arguments: [("if a then", " elseif b then", " end", 5_000), ("x = a", " or b", "", 5_001)])
    func `a chain that Lua would read for long is a finding at its place`(
        beginning: String, part: String, end: String, count: Int
    ) throws {
        let text = "y = 1\n" + beginning + String(repeating: part, count: count) + end
        let finding = try #require(ScriptSource.syntaxFinding(in: text, name: "n.lua"))
        #expect(finding.message.contains("5000"))
        #expect(finding.line == 2 && finding.code == .syntax)
        #expect(finding.column == beginning.count + part.count * (count - 1) + 2)
        #expect(SessionInput(text) != .complete)
    }

    @Test func `a message repeats no long part of a text`() throws {
        let long = String(repeating: "a", count: 1_000_000)
        let fault = try #require(ScriptSource.syntaxFinding(in: "x = 1 \"\(long)\"", name: "n.lua"))
        #expect(fault.message.utf8.count < 400 && fault.message.hasSuffix("…"))
        for script in ["\(long)()", "execute { 'a', \(long) = 1 }", "execute '\(long)' { }", "wait('\(long)')"] {
            let findings = ScriptSource(script, name: "n.lua").findings
            #expect(!findings.isEmpty)
            for finding in findings {
                #expect(finding.message.utf8.count < 1_100 && finding.fix?.utf8.count ?? 0 <= 1_000)
            }
        }
    }

    @Test(arguments: [
        (5, 3, "abcde", 3), (5, 6, "abcde", 6), (5, 9, "abcde", 6), (0, 1, "", 1), (200, 101, "", 101),
    ])
    func `a line that is not long is shown whole`(length: Int, column: Int, text: String, shown: Int) {
        let line = length > 5 ? String(repeating: "x", count: length) : String("abcde".prefix(length))
        let excerpt = SourceExcerpt(of: line, around: column)
        #expect(excerpt.text == line && excerpt.column == shown)
    }

    @Test func `of a long line the part around the place is shown`() {
        let line = String(repeating: "a", count: 500_000) + "é" + String(repeating: "b", count: 500_000)
        let excerpt = SourceExcerpt(of: line, around: 500_001)
        #expect(
            excerpt.text == "…" + String(repeating: "a", count: 100) + "é" + String(repeating: "b", count: 99) + "…")
        #expect(Array(excerpt.text)[excerpt.column - 1] == "é")
        #expect(SourceExcerpt(of: line, around: 1).text == String(repeating: "a", count: 100) + "…")
    }
}
