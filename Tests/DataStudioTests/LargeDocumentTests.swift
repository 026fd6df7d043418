import HostileTexts
import JSON
import Testing

@testable import DataStudio

/// Documents of a server that are very large or refer to themselves, and servers that send the same for every path.
@Suite(.serialized) struct LargeDocumentTests {
    struct Document: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: @Sendable (Int) -> String

        init(_ name: String, _ text: @escaping @Sendable (Int) -> String) {
            testDescription = name
            self.text = text
        }
    }

    private static func list(_ count: Int, _ part: (Int) -> String) -> String {
        (0..<count).map(part).joined(separator: ",")
    }

    private static func document(paths: String, schemas: String = "", more: String = "") -> String {
        #"{"openapi":"3.0.0",\#(more)"paths":{\#(paths)},"components":{"schemas":{\#(schemas)}}}"#
    }

    /// `GET` of a job at a path.
    private static func job(at path: String, _ schema: String) -> String {
        #""\#(path)/{id}":{"get":{"operationId":"getJob","responses":{"200":{"content":{"application/json":{"schema":"#
            + schema + "}}}}}}"
    }

    private static func job(state: String) -> String {
        #"{"type":"object","properties":{"id":{"type":"string"},"state":\#(state)}}"#
    }

    static let documents: [Document] = [
        Document("an enum") { count in
            document(paths: job(at: "/jobs", job(state: #"{"enum":["COMPLETED",\#(list(count) { "\"W\($0)\"" })]}"#)))
        },
        Document("an enum that many operations refer to") { count in
            document(
                paths: list(20) { job(at: "/jobs\($0)", job(state: ##"{"$ref":"#/components/schemas/S"}"##)) },
                schemas: #""S":{"enum":["COMPLETED",\#(list(count) { "\"W\($0)\"" })]}"#)
        },
        Document("alternatives of enums") { count in
            document(paths: job(at: "/jobs", job(state: #"{"anyOf":[\#(list(count) { #"{"enum":["w\#($0)"]}"# })]}"#)))
        },
        Document("parts of an object") { count in
            let parts = list(count) { #"{"properties":{"a\#($0)":{"type":"string"}}}"# }
            return document(paths: job(at: "/jobs", #"{"allOf":[\#(parts)]}"#))
        },
        Document("properties") { count in
            let properties = list(count) { #""a\#($0)":{"type":"string"}"# }
            return document(paths: job(at: "/jobs", #"{"properties":{\#(properties)}}"#))
        },
        Document("references") { count in
            document(
                paths: list(count) { job(at: "/jobs\($0)", ##"{"$ref":"#/components/schemas/S\##($0)"}"##) },
                schemas: list(count) { #""S\#($0)":{"type":"object"}"# })
        },
        Document("references that lead nowhere") { count in
            document(paths: list(count) { ##""/a\##($0)":{"$ref":"#/x\##($0)"}"## })
        },
        Document("parameters") { count in
            let parameters = list(count) { #"{"name":"p\#($0)","in":"query","schema":{"type":"string"}}"# }
            return document(paths: #""/jobs":{"get":{"parameters":[\#(parameters)]}}"#)
        },
        Document("variables of its URL that stand in each other") { count in
            let variables = list(count) { #""a\#($0)":{"default":"{a\#($0 + 1)}{a\#($0 + 1)}"}"# }
            return document(paths: "", more: #""servers":[{"url":"http://x/{a0}","variables":{\#(variables)}}],"#)
        },
        Document("keys of YAML") { count in "openapi: 3.0.0\npaths:\n" + (0..<count).map { "  /a\($0): {}\n" }.joined()
        },
        Document("depth") { count in #"{"openapi":"3.0.0","x":"# + String(repeating: "[", count: count) },
        Document("depth in YAML") { count in "openapi: 3.0.0\nx: " + String(repeating: "{a: ", count: count) },
    ]

    @Test(arguments: documents)
    func `a document that is eight times as long takes no more than some eight times as long`(document: Document) {
        let factor = Growth.factor(from: 500) {
            Array(document.text($0).utf8)
        } work: { text in
            guard let document = try? OpenAPIDocument(parsing: text) else { return }
            _ = APIDeriver.derive(from: document)
        }
        #expect(factor < Growth.most)
    }

    @Test func `a document that refers to itself in many ways is cut, and a note says so`() throws {
        let members = Self.list(30) { ##""id\##($0)":{"$ref":"#/components/schemas/S"}"## }
        let text = Self.document(
            paths: Self.job(at: "/jobs", ##"{"$ref":"#/components/schemas/S"}"##),
            schemas: #""S":{"properties":{\#(members)}}"#)
        let document = try OpenAPIDocument(parsing: Array(text.utf8))
        #expect(!document.isWhole)
        #expect(APIDeriver.derive(from: document).notes.contains { $0.contains("too large to be read whole") })
    }

    @Test func `of two parameters with one name and place the operation's own counts`() throws {
        let text = """
            {"openapi":"3.0.0","paths":{"/jobs":{"parameters":[{"name":"a","in":"query","required":true}],
            "get":{"parameters":[{"name":"a","in":"query","required":false},{"name":"a","in":"path"}]}}}}
            """
        let parameters = try OpenAPIDocument(parsing: Array(text.utf8)).operations.first?.parameters
        #expect(parameters?.map(\.place) == ["query", "path"])
        #expect(parameters?.map(\.isRequired) == [false, false])
    }

    @Test(arguments: [
        (##""$ref":"#/components/schemas/S"##, true), (##""$ref":"#/COMPONENTS/Schemas/s"##, true),
        (##""$ref":"#/components/schemas/T"##, false), (##""$ref":"#/components/list/1"##, true),
        (##""$ref":"#/components/list/2"##, false),
    ])
    func `references are followed as pointers are`(reference: String, isFound: Bool) throws {
        let text = """
            {"openapi":"3.0.0","paths":{"/a":{"get":{"responses":{"200":{"content":{"application/json":
            {"schema":{\(reference)"}}}}}}}},"components":{"schemas":{"S":{"type":"boolean"}},"list":[1,{"type":"boolean"}]}}
            """
        let document = try OpenAPIDocument(parsing: Array(text.utf8))
        #expect(document.brokenReferences.isEmpty == isFound)
        #expect((document.operations.first?.reply?.kind == .boolean) == isFound)
    }

    @Test(arguments: [
        ("http://x/{a}/{b}", "/one/{b}"), ("http://x/{c}", "/{a}"), ("/v{a}}", "/vone}"), ("http://x/{", "/{"),
        ("/{nosuch}/y", "/{nosuch}/y"),
    ])
    func `variables of a URL are filled in once`(url: String, base: String) throws {
        let text = """
            {"openapi":"3.0.0","servers":[{"url":"\(url)","variables":{"a":{"default":"one"},"c":{"default":"{a}"}}}],"paths":{}}
            """
        let expected = DocumentPath.path(of: base, relativeTo: "/")
        #expect(try OpenAPIDocument(parsing: Array(text.utf8)).base == expected)
    }

    @Test(arguments: ["? *a\n: 1", "{[*a]: 1}", "*a : 1", "{? *a : 1}", "- {x: {*a : 1}}"])
    func `keys of YAML that are lists of aliases are not compared`(key: String) {
        let text = "openapi: 3.0.0\nb: &a [x]\nd: [*a, *a, *a, *a, *a, *a, *a, *a]\nc:\n  "
        let error = #expect(throws: OpenAPIError.self) {
            try OpenAPIDocument(parsing: Array((text + key.replacing("\n", with: "\n  ") + "\n").utf8))
        }
        #expect(error?.description.contains("aliases") == true, "\(error?.description ?? "")")
    }

    @Test func `anchors and aliases of values are read`() throws {
        let text = """
            openapi: 3.0.0
            info: {title: 'a [link]: *bold*, what? yes'}
            x: &key {get: {summary: a}}
            paths:
              /a: *key
            """
        #expect(try OpenAPIDocument(parsing: Array(text.utf8)).operations.map(\.title) == ["GET /a"])
    }

    @Test func `what is nested too deeply is refused with its place`() {
        let text = String(repeating: "[", count: 100_000)
        let error = #expect(throws: JSONError.self) { try JSON(parsing: Array(text.utf8)) }
        #expect(error?.description == "not JSON: nested more than 200 deep, at byte 200")
        let reply = StudioReply(status: 200, body: Array(text.utf8))
        #expect(throws: StudioFault.self) { try StudioAPI(.default()).readJobs(reply) }
    }

    @Test func `a server that sends one document for every path has it read once`() {
        var search = OpenAPISearch()
        let body = Array(#"{"openapi":"3.0.0","paths":{}}"#.utf8)
        var found = 0
        while let path = search.next() {
            search.take(body, at: path)
            if search.takeFound() != nil { found += 1 }
        }
        #expect(found == 1)
    }

    @Test func `a page with very many links ends the search after sixty paths`() {
        var search = OpenAPISearch()
        var count = 0
        while let path = search.next() {
            search.take(Array((0..<500).map { "\"\(count)-\($0).json\"" }.joined().utf8), at: path)
            count += 1
        }
        #expect(count == 60)
    }
}
