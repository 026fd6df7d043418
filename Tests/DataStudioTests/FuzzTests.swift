import DataStudio
import Foundation
import JSON
import Testing

/// Rubbish for the readers of replies and documents: 10 000 cases each, always the same. `BATON_FUZZ_SEED` makes others,
/// `BATON_FUZZ_CASES` more of them: `scripts/prove rubbish`.
@Suite struct FuzzTests {
    private static let cases =
        ProcessInfo.processInfo.environment["BATON_FUZZ_CASES"].flatMap { Int($0) } ?? 10_000
    private static let seed =
        ProcessInfo.processInfo.environment["BATON_FUZZ_SEED"].flatMap { UInt64($0) } ?? 4711

    private static let start = #"{"jobId":9007199254740993,"more":{"a":[1,2.5e3,true,null,"\u00e9\n"]}}"#
    private static let job = """
        {"id":4711,"workflowExternalLabel":"wf1","state":"RUNNING","createdTime":"2026-03-01T04:05:06.007Z",\
        "startTime":1772337906,"endTime":null,"message":"Row 17","user":"u","spaceExternalLabel":"s","parameters":{"a":"b"}}
        """
    private static let jobs = #"{"items":[\#(job),\#(job)],"page":0,"totalPages":3}"#
    private static let labels = #"{"items":[{"externalLabel":"wf1","name":"One"}],"totalPages":1}"#

    // MARK: Replies

    @Test func `no reply crashes the reader, and no rubbish is a success`() async throws {
        print("seed of the fuzzing: \(Self.seed)")
        let api = StudioAPI(try .default())
        var random = SplitMix(seed: Self.seed)
        let replies = [Self.start, Self.job, Self.jobs, Self.labels]
        var read = 0
        for number in 0..<Self.cases {
            // Others want to run as well.
            if number % 50 == 0 { await Task.yield() }
            let original = replies[Int(random.next() % UInt64(replies.count))]
            let bytes = Mutation.mutated(Array(original.utf8), &random)
            let status = random.next() % 8 == 0 ? Int(random.next() % 700) : 200
            let reply = StudioReply(status: status, body: bytes)
            let context: Comment = "seed \(Self.seed), case \(number): \(String(decoding: bytes, as: UTF8.self))"
            // What Foundation reads is JSON by somebody else's judgement. Bytes that are no UTF-8 and halves of characters
            // are replaced: a message in another encoding must not hide a job's state.
            let text = String(decoding: bytes, as: UTF8.self)
            // Of two members with one name Foundation takes the other.
            if text.lowercased().contains("\\ud") || Self.repeatsName(text, original) { continue }
            let judge = try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
            if let id = try? api.readStart(reply) {
                read += 1
                #expect((200..<300).contains(status), context)
                let found = (judge as? [String: Any]).flatMap { Self.value("jobId", $0) }
                #expect(Self.text(found) == id.text, context)
            }
            if let job = try? api.readJob(reply) {
                read += 1
                #expect(judge is [String: Any], context)
                let object = judge as? [String: Any] ?? [:]
                #expect(Self.text(Self.value("id", object)) == job.id.text, context)
                #expect(Self.value("state", object) as? String == job.stateName, context)
                #expect(
                    !job.state.isFinal || ["COMPLETED", "FAILED", "CANCELLED"].contains(job.stateName.uppercased()),
                    context)
            }
            if let page = try? api.readJobs(reply) {
                read += 1
                let object = judge as? [String: Any]
                let list = (object.flatMap { Self.value("items", $0) } ?? judge) as? [Any]
                #expect(list?.count == page.items.count + page.unreadable, context)
                #expect(!page.items.isEmpty || list?.isEmpty == true, context)
            }
            if let page = try? api.readWorkflows(reply) {
                #expect(page.items.allSatisfy { !$0.label.isEmpty }, context)
            }
            _ = try? api.readSpaces(reply)
            _ = try? api.readDataset(reply, label: "d")
            _ = try? api.readKey(reply)
        }
        // Mutations are small: some texts are still what they were.
        #expect(read > Self.cases / 50)
        #expect(read < Self.cases)
    }

    private static func repeatsName(_ text: String, _ original: String) -> Bool {
        ["jobid", "id", "state", "items"].contains { name in
            func count(_ text: String) -> Int {
                text.lowercased().split(separator: "\"\(name)\"", omittingEmptySubsequences: false).count
            }
            return count(text) > count(original)
        }
    }

    /// As our reader finds it: the exact name first, else without regard to case.
    private static func value(_ name: String, _ object: [String: Any]) -> Any? {
        object[name] ?? object.first { $0.key.lowercased() == name.lowercased() }?.value
    }

    private static func text(_ value: Any?) -> String? {
        switch value {
        case let text as String: text
        // A whole number with a point is one to us.
        case let number as NSNumber: number.stringValue.replacing(/\.0$/, with: "")
        default: nil
        }
    }

    @Test func `a text that was cut off is nothing`() throws {
        let api = StudioAPI(try .default())
        for text in [Self.start, Self.job, Self.jobs] {
            let bytes = Array(text.utf8)
            for length in bytes.indices {
                let reply = StudioReply(status: 200, body: Array(bytes.prefix(length)))
                #expect(throws: StudioFault.self) { try api.readStart(reply) }
                #expect(throws: StudioFault.self) { try api.readJob(reply) }
                #expect(throws: StudioFault.self) { try api.readJobs(reply) }
            }
        }
    }

    // MARK: Documents

    private static let yaml = """
        openapi: 3.0.3
        info: { title: Studio, version: "1" }
        servers: [ { url: /api/1.0 } ]
        paths:
          /workflows/execute:
            post:
              summary: Execute a workflow
              requestBody:
                content: { application/json: { schema: { $ref: '#/components/schemas/Start' } } }
              responses:
                '200': { content: { application/json: { schema: { type: object, properties: { jobId: { type: integer } } } } } }
          /jobs/{jobId}:
            get:
              parameters: [ { name: jobId, in: path, required: true, schema: { type: integer } } ]
              responses:
                '200': { content: { application/json: { schema: { $ref: '#/components/schemas/Job' } } } }
        components:
          schemas:
            Start: { type: object, required: [externalLabel], properties: { externalLabel: { type: string } } }
            Job: &job
              type: object
              properties:
                id: { type: integer }
                workflowExternalLabel: { type: string }
                state: { type: string, enum: [QUEUED, RUNNING, COMPLETED, FAILED] }
                parent: { $ref: '#/components/schemas/Job' }
            Copy: *job
        """

    @Test func `no document crashes the reader, and what is derived stands in the document`() async throws {
        print("seed of the fuzzing: \(Self.seed)")
        let document = try OpenAPIDocument(parsing: Array(Self.yaml.utf8))
        #expect(APIDeriver.derive(from: document).isComplete)
        var originals = [Self.yaml, Self.yaml, try Self.json()].map { Array($0.utf8) }
        var random = SplitMix(seed: Self.seed)
        var read = 0
        for number in 0..<Self.cases {
            // Others want to run as well.
            if number % 50 == 0 { await Task.yield() }
            if number == Self.cases - 100 { originals = try Variant.all.map { Array(try $0.text($0.document).utf8) } }
            let bytes = Mutation.mutated(originals[Int(random.next() % UInt64(originals.count))], &random)
            let context: Comment = "seed \(Self.seed), case \(number)"
            guard let document = try? OpenAPIDocument(parsing: bytes, at: "/api/docs/openapi.json") else { continue }
            read += 1
            let derivation = APIDeriver.derive(from: document)
            let text = String(decoding: bytes, as: UTF8.self)
            for (_, finding) in derivation.findings {
                // Slashes of JSON may be escaped, and lines of YAML folded.
                let path = finding.candidate.title.drop { $0 != "/" }
                let isThere = text.filter { !$0.isWhitespace && $0 != "\\" }.contains(path.filter { !$0.isWhitespace })
                #expect(isThere || path.contains { !$0.isASCII || "\\\"'".contains($0) }, "\(context): \(path)")
            }
            if derivation.isComplete {
                let written = derivation.description.yaml()
                let start = derivation.description.operations[.executeWorkflow]
                #expect(["POST", "PUT"].contains(start?.method), context)
                do throws(YAMLProblems) {
                    #expect(try APIDescription(yaml: written) == derivation.description, context)
                } catch {
                    // A document may have paths that no request can: they are told, not passed on.
                    #expect(error.problems.allSatisfy { !$0.place.isEmpty }, context)
                }
            }
        }
        #expect(read > Self.cases / 50)
        #expect(read < Self.cases)
    }

    /// The same document as JSON.
    private static func json() throws -> String {
        try Variant(name: "ambiguous", document: "openapi.json", path: "").text("openapi.json")
    }

    /// Each line doubles what the one before stands for.
    private static let aliases =
        "a0: &a0 [x, x]\n" + (1..<40).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n" }.joined()
        + "openapi: 3.0.0\n"

    struct Bomb: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let text: String

        init(_ name: String, _ text: String) {
            testDescription = name
            self.text = text
        }
    }

    /// Schemas that are made of each other.
    private static let compositions = """
        openapi: 3.0.0
        paths: { /a: { get: { responses: { '200': { content: { application/json: { schema: { $ref: '#/components/schemas/A' } } } } } } } }
        components:
          schemas:
            A: { allOf: [ { $ref: '#/components/schemas/A' }, { $ref: '#/components/schemas/B' } ] }
            B: { oneOf: [ { $ref: '#/components/schemas/A' }, { anyOf: [ { $ref: '#/components/schemas/B' } ] } ] }
        """

    static let bombs = [
        Bomb("brackets", String(repeating: "[", count: 100_000)),
        Bomb("objects", String(repeating: "{\"a\":", count: 100_000)),
        Bomb("flow", "openapi: 3.0.0\na: " + String(repeating: "[", count: 100_000)),
        Bomb(
            "indentation",
            "openapi: 3.0.0\n" + (0..<3000).map { String(repeating: " ", count: $0) + "a:\n" }.joined()),
        Bomb("lists in a line", "openapi: 3.0.0\na: " + String(repeating: "- ", count: 50_000)),
        Bomb("lists in the next line", "openapi: 3.0.0\na:\n " + String(repeating: "- ", count: 50_000)),
        Bomb("keys", "openapi: 3.0.0\n" + String(repeating: "? ", count: 50_000)),
        Bomb("aliases", aliases),
        Bomb("an alias of itself", "a: &a { b: *a }\nopenapi: 3.0.0\n"),
        Bomb("a brace", "{"), Bomb("a zero", "\u{0}"), Bomb("a version", "openapi: 3.0.0"),
        Bomb("another version", "openapi: 4.0.0\npaths: {}"), Bomb("a page", "<html></html>"), Bomb("nothing", ""),
        Bomb("a schema of itself", compositions),
        Bomb("a reference to itself", ##"{"openapi":"3.0.0","paths":{"/a":{"$ref":"#/paths/~1a"}}}"##),
    ]

    @Test(arguments: bombs)
    func `bombs and loops are nothing`(bomb: Bomb) {
        if let document = try? OpenAPIDocument(parsing: Array(bomb.text.utf8)) {
            #expect(!APIDeriver.derive(from: document).isComplete)
        }
    }
}

/// Changes texts a little, or a lot.
enum Mutation {
    static func mutated(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] {
        var bytes = bytes
        switch random.next() % 10 {
        case 0:
            // Nothing but noise.
            return (0..<Int(random.next() % 200)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        case 1, 2: return Array(bytes.prefix(Int(random.next() % UInt64(bytes.count + 1))))
        case 3: return bytes
        default: break
        }
        let interesting = Array("{}[]\":,0123456789.eE+-\\/ \n\ttruefalsn&*?|>#'%".utf8)
        for _ in 0...(random.next() % 4) where !bytes.isEmpty {
            let place = Int(random.next() % UInt64(bytes.count))
            switch random.next() % 6 {
            case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
            case 1: bytes[place] = interesting[Int(random.next() % UInt64(interesting.count))]
            case 2: bytes.insert(interesting[Int(random.next() % UInt64(interesting.count))], at: place)
            case 3: bytes.remove(at: place)
            case 4:
                let end = min(bytes.count, place + Int(random.next() % 40))
                bytes.insert(contentsOf: bytes[place..<end], at: Int(random.next() % UInt64(bytes.count)))
            default:
                let end = min(bytes.count, place + Int(random.next() % 40))
                bytes.removeSubrange(place..<end)
            }
        }
        return bytes
    }
}
