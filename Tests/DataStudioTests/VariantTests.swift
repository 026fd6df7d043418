import DataStudio
import Foundation
import JSON
import Testing

/// API descriptions derived from the OpenAPI documents in `Tests/Variants` alone, against what those servers speak.
@Suite struct VariantTests {
    @Test(arguments: Variant.all)
    func `what is derived is what the server speaks`(variant: Variant) throws {
        let derivation = try variant.derivation()
        let derived = derivation.description
        let truth = try APIDescription(yaml: variant.text("api.yaml"))
        #expect(derivation.blanks.isEmpty)
        #expect(derivation.ties.isEmpty)
        #expect(Set(derived.operations.keys) == Set(truth.operations.keys))
        for (name, expected) in truth.operations {
            var operation = try #require(derived.operations[name], "\(name)")
            #expect(operation.method == expected.method, "\(name)")
            // Whether a path begins with the base or has it in itself is the same to the server.
            #expect(derived.base + operation.path == truth.base + expected.path, "\(name)")
            // That a list can be asked for one workflow is nothing the simulator is told.
            operation.query = operation.query.filter { $0.value != "{label}" }
            #expect(operation.query == expected.query, "\(name)")
            #expect(operation.firstPage == expected.firstPage, "\(name)")
            #expect(operation.maxPageSize == expected.maxPageSize, "\(name)")
            #expect(operation.body == expected.body, "\(name)")
            #expect(operation.reply.id == expected.reply.id, "\(name)")
            #expect(operation.reply.object == expected.reply.object, "\(name)")
            #expect(operation.reply.list?.text ?? "" == expected.reply.list?.text ?? "", "\(name)")
            // A document may have several ways to tell of more pages; any will do.
            #expect(operation.reply.counts == expected.reply.counts, "\(name)")
        }
        #expect(derived.job == truth.job)
        #expect(derived.error == truth.error)
        if truth.operations[.listWorkflows] != nil { #expect(derived.workflow == truth.workflow) }
        if truth.operations[.listSpaces] != nil { #expect(derived.space == truth.space) }
        if truth.operations[.getDataset] != nil { #expect(derived.dataset == truth.dataset) }
        if truth.operations[.keyInformation] != nil { #expect(derived.key == truth.key) }
        for (word, state) in truth.states { #expect(derived.states[word] == state, "\(word)") }
    }

    @Test(arguments: Variant.all)
    func `what is written is read again`(variant: Variant) throws {
        let derivation = try variant.derivation()
        let text = derivation.description.yaml(comments: ["a comment\nof two lines"], notes: [.getJob: "why: \"so\""])
        #expect(try APIDescription(yaml: text) == derivation.description)
    }

    @Test func `of two operations that are equally good a person picks one`() throws {
        let variant = Variant(name: "ambiguous", document: "openapi.json", path: "/api/docs/openapi.json")
        let tied = try variant.derivation()
        #expect(
            tied.ties.mapValues { $0.map(\.title).sorted() } == [
                .executeWorkflow: ["POST /v1/workflows/execute", "POST /v2/workflows/execute"]
            ])
        let pick = try #require(APIDerivation.Pick("executeWorkflow=POST /v2/workflows/execute"))
        let picked = try variant.derivation(picks: [pick])
        #expect(picked.ties.isEmpty)
        #expect(picked.findings[.executeWorkflow]?.isPicked == true)
        let truth = try APIDescription(yaml: variant.text("api.yaml"))
        #expect(picked.description.operations[.executeWorkflow] == truth.operations[.executeWorkflow])
        let gone = try variant.derivation(picks: [#require(APIDerivation.Pick("getJob=GET /nowhere/{id}"))])
        #expect(gone.wrongPicks == ["getJob: the document has no GET /nowhere/{id}"])
        for (text, reason) in [
            ("keyInformation=POST /v1/workflows/execute", "it is no GET"),
            ("cancelJob=POST /v1/workflows/execute", "it takes no job id"),
        ] {
            let wrong = try variant.derivation(picks: [#require(APIDerivation.Pick(text))])
            #expect(wrong.wrongPicks.first?.hasSuffix(reason) == true, "\(wrong.wrongPicks)")
            #expect(!wrong.isComplete)
        }
    }

    @Test func `what cannot be told is listed, and its places are left open`() throws {
        let variant = Variant(name: "hopeless-empty", document: "openapi.json", path: "/openapi.json")
        let derivation = try variant.derivation()
        #expect(!derivation.isComplete)
        #expect(
            derivation.blanks == [
                "operations.executeWorkflow.method", "operations.executeWorkflow.path",
                "operations.executeWorkflow.body.label", "operations.executeWorkflow.reply.id",
                "operations.getJob.method", "operations.getJob.path", "job.id", "job.state",
                "states: the server's word for COMPLETED",
            ])
        #expect(Set(derivation.findings.keys) == [.listSpaces, .keyInformation])
        let text = derivation.description.yaml()
        let problems = try #require(throws: YAMLProblems.self) { try APIDescription(yaml: text) }.problems
        #expect(problems.allSatisfy { $0.message.contains("is not filled in") })
        #expect(
            Set(problems.map(\.place)).isSuperset(of: [
                "operations.executeWorkflow.path", "operations.executeWorkflow.reply.id", "job.id", "job.state",
            ]))
    }

    @Test func `the default description is derived from the simulator's own document`() throws {
        // Nothing but a round trip: the simulator writes documents of any description.
        let description = try APIDescription.default()
        #expect(try APIDescription(yaml: description.yaml()) == description)
    }
}

extension OperationDescription.ReplyFields {
    /// True if the reply tells whether there are more pages.
    fileprivate var counts: Bool { pages != nil || total != nil || more != nil || last != nil }
}

/// A server's OpenAPI document and what the server really speaks.
struct Variant: CustomTestStringConvertible, Sendable {
    let name: String
    let document: String
    /// Where the server publishes it.
    let path: String

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Variants")

    static let all = [
        Variant(name: "spring-executions", document: "openapi.json", path: "/v3/api-docs"),
        Variant(name: "swashbuckle-pascal", document: "openapi.json", path: "/swagger/v1/swagger.json"),
        Variant(name: "fastapi-snake", document: "openapi.json", path: "/openapi.json"),
        Variant(name: "handwritten-nested", document: "openapi.yaml", path: "/api/docs/openapi.yaml"),
        Variant(name: "jaxrs-bare-arrays", document: "openapi.json", path: "/studio/rest/v2/swagger.json"),
        Variant(name: "swagger2-singular", document: "openapi.yaml", path: "/api/docs/swagger.yaml"),
        Variant(name: "nswag-envelope", document: "openapi.json", path: "/api/docs/v2/openapi.json"),
        Variant(name: "quarkus-subresource", document: "openapi.yaml", path: "/q/openapi"),
    ]

    var testDescription: String { name }

    func text(_ file: String) throws -> String {
        try String(contentsOf: Self.folder.appendingPathComponent(name).appendingPathComponent(file), encoding: .utf8)
    }

    func derivation(picks: [APIDerivation.Pick] = []) throws -> APIDerivation {
        let document = try OpenAPIDocument(parsing: Array(text(document).utf8), at: path)
        return APIDeriver.derive(from: document, picks: picks)
    }
}
