import DataStudio
import JSON
import SimulatedStudio
import Testing

struct DocumentationTests {
    private static func document(_ client: inout Client) throws -> JSON {
        client.authorization = nil
        let reply = client.send("GET", "/api/docs/openapi.json")
        #expect(reply.status == 200)
        #expect(reply.contentType == "application/json")
        return try #require(reply.json)
    }

    private static func value(_ document: JSON, _ pointer: String) throws -> JSON? {
        document[pointer: try #require(JSONPointer(pointer))]
    }

    @Test func `the OpenAPI document needs no key and lists every operation`() throws {
        var client = try Client(.anything)
        let document = try Self.document(&client)
        #expect(document["openapi"] == "3.0.3")
        let operations = (document["paths"]?.members ?? []).flatMap { path in
            (path.value.members ?? []).map { "\($0.name) \(path.name) \($0.value["operationId"]?.text ?? "")" }
        }
        #expect(
            operations == [
                "post /api/1.0/workflows/execute executeWorkflow", "get /api/1.0/jobs/{jobId} getJob",
                "get /api/1.0/jobs listJobs", "get /api/1.0/workflows listWorkflows", "get /api/1.0/spaces listSpaces",
                "get /api/1.0/apikeys/current keyInformation",
            ])
    }

    @Test func `the OpenAPI document tells how to cancel if the scenario can`() throws {
        var client = try Client(yaml: "operations: [cancelJob]\nothers:")
        let document = try Self.document(&client)
        let id = try Self.value(document, "/paths/~1api~11.0~1jobs~1{jobId}~1cancel/post/operationId")
        #expect(id == "cancelJob")
    }

    @Test func `the OpenAPI document describes the header, the bodies and the replies`() throws {
        var client = try Client(.anything)
        let document = try Self.document(&client)
        let expectations: [(String, JSON)] = [
            ("/components/securitySchemes/ApiKey/type", "apiKey"),
            ("/components/securitySchemes/ApiKey/in", "header"),
            ("/components/securitySchemes/ApiKey/name", "Authorization"),
            ("/components/schemas/Job/properties/id/type", "integer"),
            ("/components/schemas/Job/properties/state/enum/0", "CANCELLED"),
            ("/components/schemas/Job/properties/createdTime/format", "date-time"),
            ("/components/schemas/Job/properties/startTime/format", "date-time"),
            ("/components/schemas/Job/properties/startTime/nullable", true),
            ("/components/schemas/Error/properties/message/type", "string"),
            ("/components/schemas/Workflow/properties/externalLabel/type", "string"),
        ]
        for (pointer, value) in expectations { #expect(try Self.value(document, pointer) == value, "\(pointer)") }
        #expect(try Self.value(document, "/components/schemas/Job/properties/createdTime/nullable") == nil)

        let execute = "/paths/~1api~11.0~1workflows~1execute/post"
        let body = "\(execute)/requestBody/content/application~1json/schema"
        #expect(try Self.value(document, "\(body)/required/0") == "externalLabel")
        #expect(try Self.value(document, "\(body)/properties/refreshSources/type") == "boolean")
        #expect(
            try Self.value(document, "\(body)/properties/versionToExecute/enum") == ["PublishedOnly", "PreferDraft"])
        #expect(
            try Self.value(document, "\(body)/properties/workflowParameters/additionalProperties/type") == "string")
        let reply = "responses/200/content/application~1json/schema"
        #expect(try Self.value(document, "\(execute)/\(reply)/properties/jobId/type") == "integer")
        #expect(
            try Self.value(document, "/paths/~1api~11.0~1jobs/get/\(reply)/properties/items/items/$ref")
                == "#/components/schemas/Job")
        let query = try Self.value(document, "/paths/~1api~11.0~1jobs/get/parameters")?.elements ?? []
        #expect(query.compactMap { $0["name"]?.text } == ["createdAfter", "page", "pageSize"])
    }

    @Test(arguments: ["/api/docs/", "/api/docs/index.html", "/api/docs/?urls"])
    func `the page names the OpenAPI document as a Swagger page does`(path: String) throws {
        var client = try Client(.anything)
        client.authorization = nil
        let reply = client.send("GET", path)
        #expect(reply.status == 200)
        #expect(reply.contentType == "text/html; charset=utf-8")
        let html = String(decoding: reply.body, as: UTF8.self)
        #expect(html.contains("<title>Data Studio API (simulated)</title>"))
        #expect(html.contains(#"url: "/api/docs/openapi.json""#))
        #expect(!html.contains("http:") && !html.contains("https:"), "nothing is loaded from elsewhere")
    }

    @Test func `the directory of the page leads to it`() throws {
        var client = try Client(.anything)
        client.authorization = nil
        let reply = client.send("GET", "/api/docs")
        #expect(reply == .redirect(to: "/api/docs/"))
        #expect(reply.status == 302)
    }
}
