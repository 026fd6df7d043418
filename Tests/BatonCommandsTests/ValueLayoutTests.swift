import Orchestration
import Testing

@testable import BatonCommands

/// Values as the prompt shows them.
@Suite struct ValueLayoutTests {
    private func lines(_ values: [ShownValue], columns: Int, isUnicode: Bool = true) -> [String] {
        var terminal = Terminal.paper(isUnicode: isUnicode)
        terminal.columns = columns
        return ValueLayout(terminal).lines(values)
    }

    private func table(_ entries: [(String?, ShownValue)], omitted: Int = 0) -> ShownValue {
        .table(entries.map { .init(key: $0, value: $1) }, omitted: omitted)
    }

    @Test func `what fits stands on one line`() {
        let value = table([(nil, .text("1")), (nil, table([])), ("a", table([("b", .text("\"x\""))]))])
        #expect(lines([value], columns: 80) == [#"{ 1, {}, a = { b = "x" } }"#])
        #expect(lines([.text("\"RUNNING\""), .text("job 1")], columns: 80) == [#""RUNNING"  job 1"#])
        #expect(lines([], columns: 80) == [""])
    }

    @Test func `what does not fit has an entry a line, numbers beside each other`() {
        let numbers = (1...9).map { (String?.none, ShownValue.text("\($0)")) }
        let value = table(numbers + [("name", .text("\"a longer text\"")), ("list", table(numbers))])
        #expect(
            lines([value], columns: 24) == [
                "{", "  1, 2, 3, 4, 5, 6, 7,", "  8, 9,", "  name = \"a longer text\",", "  list = {",
                "    1, 2, 3, 4, 5, 6, 7,", "    8, 9,", "  },", "}",
            ])
    }

    @Test func `what is left out is counted`() {
        let value = table([(nil, .text("1"))], omitted: 9950)
        #expect(lines([value], columns: 80) == ["{ 1, … 9950 more }"])
        #expect(lines([value], columns: 8, isUnicode: false) == ["{", "  1,", "  ... 9950 more", "}"])
        #expect(lines([table([], omitted: 3)], columns: 80) == ["{ … }"])
        #expect(lines([.text("\"\u{1B}[31m\"")], columns: 80) == ["\" [31m\""], "nothing moves the cursor")
    }
}
