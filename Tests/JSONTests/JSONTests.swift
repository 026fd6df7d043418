import JSON
import Testing

@Suite struct JSONTests {
    @Test(arguments: [
        ("null", "null"), (" true ", "true"), ("9007199254740993", "9007199254740993"), ("-1.5e3", "-1500.0"),
        (#""a\u00e4\n\ud83d\ude00\/""#, #""aä\n😀/""#),
        (#"{"b":1,"a":[1,2,{}],"c":null}"#, #"{"b":1,"a":[1,2,{}],"c":null}"#),
        ("[]", "[]"), ("\u{FEFF}{}", "{}"), (#""\ud800""#, "\"\u{FFFD}\""), ("99999999999999999999", "1e+20"),
        ("\"\\u0001\"", #""\u0001""#),
    ])
    func `a text is read and written`(text: String, written: String) throws {
        #expect(try JSON(parsing: Array(text.utf8)).jsonText == written)
    }

    @Test(arguments: [
        "", " ", "{", "[1,]", "{a:1}", "nul", "01x", "\"", "\"\n\"", "{} {}", "+1", "\"\\x\"", "\"\\u12\"", "[1 2]",
        "-",
        String(repeating: "[", count: 300),
    ])
    func `what is no JSON is an error, not a crash`(text: String) {
        #expect(throws: JSONError.self) { try JSON(parsing: Array(text.utf8)) }
    }

    @Test func `members are found without regard to case, the exact name first`() throws {
        let json = try JSON(parsing: Array(#"{"JobID":1,"jobid":2,"list":[{"x":3}]}"#.utf8))
        #expect(json["jobid"] == 2)
        #expect(json["jobId"] == 1)
        let pointer = try #require(JSONPointer("/LIST/0/X"))
        #expect(json[pointer: pointer] == 3)
        #expect(json[pointer: try #require(JSONPointer("/list/1/x"))] == nil)
        #expect(JSONPointer("list") == nil)
        #expect(JSONPointer("/a~1b/~01")?.tokens == ["a/b", "~1"])
    }

    @Test(arguments: [
        ("", 0, "line 1, column 1"), ("ab", 1, "line 1, column 2"), ("a\nb", 1, "line 1, column 2"),
        ("a\nb", 2, "line 2, column 1"), ("\r\n\näb", 5, "line 3, column 2"), ("ab", 9, "line 1, column 3"),
    ])
    func `a place is counted as a person does`(text: String, offset: Int, place: String) {
        #expect(JSONPlace(of: offset, in: Array(text.utf8)).description == place)
    }

    @Test(arguments: [
        "01", "-", "-a", "1.", ".5", "+1", "1e", "1e+", "0x1", "1_000", #""\u+0e9""#, #""\u00-9""#, #""\u00e""#, "NaN",
    ])
    func `what Swift would read and JSON does not have is an error`(text: String) {
        #expect(throws: JSONError.self) { try JSON(parsing: Array(text.utf8)) }
    }

    @Test func `pretty text has a line for each element`() {
        var writer = JSONWriter(pretty: true)
        writer.beginObject()
        writer.name("a")
        writer.beginArray()
        writer.number(.nan)
        writer.beginArray()
        writer.endArray()
        writer.endArray()
        writer.name("b")
        writer.boolean(true)
        writer.endObject()
        #expect(
            writer.text == """
                {
                  "a": [
                    null,
                    []
                  ],
                  "b": true
                }
                """)
    }
}
