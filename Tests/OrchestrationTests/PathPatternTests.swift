import Orchestration
import Testing

/// Patterns of `file.list`.
@Suite struct PathPatternTests {
    @Test(arguments: [
        ("*", "day.csv", true), ("*.csv", "day.csv", true), ("*.csv", "day.csv.tmp", false), ("*", ".hidden", false),
        (".*", ".hidden", true), ("day-??.csv", "day-01.csv", true), ("day-??.csv", "day-1.csv", false),
        ("[a-c]x", "bx", true), ("[a-c]x", "dx", false), ("[!a-c]x", "dx", true), ("[]]x", "]x", true),
        ("[a-]", "-", true), ("[a-]", "b", false), ("a*b*c", "a1b2b3c", true), ("a*b*c", "a1c", false), ("", "", true),
        ("*", "", true), ("?", "ä", true), ("*ä*", "xäx", true), ("a**b", "axb", true),
    ])
    func `a name matches or does not`(pattern: String, name: String, matches: Bool) {
        #expect(PathPattern.matches(name, pattern) == matches)
    }

    @Test func `many stars take no time`() {
        let clock = ContinuousClock()
        let name = String(repeating: "a", count: 255)
        let pattern = String(repeating: "*a", count: 120) + "b"
        var matches = true
        let time = clock.measure { matches = PathPattern.matches(name, pattern) }
        #expect(!matches && time < .seconds(5))
    }

    @Test(arguments: [
        ("/in/*.csv", "/in/day.csv", true), ("/in/*.csv", "/in/sub/day.csv", false),
        ("/*/day.csv", "/in/day.csv", true),
        ("/in//day.csv", "/in/day.csv", true), ("/in/*", "/in", false), ("/in/*", "in/day", false),
    ])
    func `a path matches name by name`(pattern: String, path: String, matches: Bool) throws {
        #expect(try PathPattern(pattern).matches(path) == matches)
    }

    @Test(arguments: [
        ("in/*.csv", "a path from the root on"), ("/in/**/x", "holds **"), ("/in/[a", "holds [ without ]"),
        ("/in/../x*", "holds . or .."), ("/./x", "holds . or .."),
    ])
    func `what is no pattern says why`(pattern: String, why: String) {
        let error = #expect(throws: PathPatternError.self) { try PathPattern(pattern) }
        #expect(error?.message.contains(why) == true, "\(String(describing: error))")
    }
}
