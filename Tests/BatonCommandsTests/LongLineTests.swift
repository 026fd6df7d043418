import Orchestration
import Testing

@testable import BatonCommands

/// What is shown of a line that is very long.
@Suite struct LongLineTests {
    private let line = "x = = " + String(repeating: "1 + ", count: 250_000) + "1"

    @Test func `a finding shows the part around its place`() throws {
        let finding = try #require(ScriptSource.syntaxFinding(in: line, name: "n.lua"))
        let text = FindingList([finding], texts: ["n.lua": line], scripts: 1).text(.paper(isUnicode: true))
        #expect(text.utf8.count < 600)
        let lines = text.split(separator: "\n")
        #expect(lines[1].hasPrefix("  1 | x = = 1 + ") && lines[1].hasSuffix("…"))
        #expect(lines[2] == "    |     ^")
    }

    @Test func `the prompt shows the part around the place`() throws {
        guard case .invalid(let error) = SessionInput(line) else {
            Issue.record("it parses")
            return
        }
        let lines = error.words(in: line).split(separator: "\n")
        #expect(lines[0].utf8.count < 120 && lines[0].hasPrefix("  x = = 1"))
        #expect(lines[1] == "      ^")
    }

    @Test func `a name is cut in its middle, as names that begin alike differ at their ends`() {
        #expect("Customer-Match-A".fittedInMiddle(to: 9, ellipsis: "…") == "Cust…ch-A")
        #expect("short".fittedInMiddle(to: 5, ellipsis: "…") == "short")
        for width in 1...20 {
            let text = String(repeating: "漢字ab", count: 9).fittedInMiddle(to: width, ellipsis: "…")
            #expect(text.columns <= width && text.columns >= width - 3, "\(width): \(text)")
        }
    }

    @Test func `of an unfinished line the end is shown`() {
        let text = ReplError.unfinished("x = " + String(repeating: "1 + ", count: 250_000)).text
        #expect(text.utf8.count < 200 && text.hasSuffix("1 + "))
    }
}
