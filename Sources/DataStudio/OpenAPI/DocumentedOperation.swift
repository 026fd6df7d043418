import JSON

/// One operation of a document.
struct DocumentedOperation: Sendable {
    struct Parameter: Sendable {
        let name: String
        /// `path`, `query`, `header`, …
        let place: String
        let isRequired: Bool
        let schema: Schema
        let text: String

        var words: [String] { NameWords.of(name) }
    }

    let method: String
    /// With its own placeholders, without the base.
    let path: String
    let id: String?
    let summary: String
    let tags: [String]
    let isDeprecated: Bool
    let parameters: [Parameter]
    /// What it is sent in JSON.
    let body: Schema?
    /// What a success is answered with in JSON.
    let reply: Schema?
    /// What a refusal is answered with.
    let error: Schema?

    init(
        method: String, path: String, _ operation: JSON, of item: JSON, _ reader: inout SchemaReader
    ) {
        self.method = method
        self.path = path
        id = SchemaReader.name(operation["operationId"]?.text)
        summary = SchemaReader.beginning(of: operation["summary"]?.text ?? operation["description"]?.text)
        tags = (operation["tags"]?.elements ?? []).prefix(10).map { SchemaReader.beginning(of: $0.text) }
        isDeprecated = operation["deprecated"] == .boolean(true)
        var parameters: [Parameter] = []
        var body: Schema?
        let parameterList = (item["parameters"]?.elements ?? []) + (operation["parameters"]?.elements ?? [])
        for json in parameterList where reader.isWhole {
            let parameter = reader.resolved(json)
            guard let name = parameter["name"]?.text, let place = parameter["in"]?.text else { continue }
            // In Swagger 2.0 the body is a parameter, and the others are their own schemas.
            if place == "body" {
                body = reader.schema(parameter["schema"])
                continue
            }
            parameters.append(
                Parameter(
                    name: name, place: place, isRequired: parameter["required"] == .boolean(true),
                    schema: reader.schema(parameter["schema"] ?? parameter),
                    text: SchemaReader.beginning(of: parameter["description"]?.text))
            )
        }
        // Of two with one name and place the last counts, which is the operation's own.
        var seen: Set<[String]> = []
        self.parameters = parameters.reversed().filter { seen.insert([$0.name, $0.place]).inserted }.reversed()
        if let request = operation["requestBody"] {
            body = Self.content(reader.resolved(request)["content"], &reader).map { reader.schema($0) }
        }
        self.body = body
        let responses = reader.members(of: operation["responses"]).map { ($0.name, reader.resolved($0.value)) }
        func schema(_ isWanted: (String) -> Bool) -> Schema? {
            for (_, response) in responses.filter({ isWanted($0.0) }).sorted(by: { $0.0 < $1.0 }) {
                if let json = Self.content(response["content"], &reader) ?? response["schema"] {
                    return reader.schema(json)
                }
            }
            return nil
        }
        reply =
            schema { $0.hasPrefix("2") }
            ?? (responses.contains { $0.0.hasPrefix("2") } ? nil : schema { $0 == "default" })
        error = schema { $0.hasPrefix("4") } ?? schema { $0.hasPrefix("5") || $0 == "default" }
    }

    /// The schema of a body: of JSON if there is a choice.
    private static func content(_ content: JSON?, _ reader: inout SchemaReader) -> JSON? {
        let types = reader.members(of: content)
        let best =
            types.first { $0.name.lowercased().hasPrefix("application/json") }
            ?? types.first { $0.name.lowercased().contains("json") } ?? types.first { $0.name == "*/*" } ?? types.first
        return best?.value["schema"]
    }

    // MARK: Words

    /// The names in braces, in their order.
    var pathParameters: [String] {
        path.split(separator: "{", omittingEmptySubsequences: false).dropFirst().map { String($0.prefix { $0 != "}" }) }
    }

    /// What stands between the slashes and is no placeholder.
    var fixedSegments: [String] {
        path.split(separator: "/").map(String.init).filter { !$0.contains("{") }
    }

    /// The words of the last segment that is no placeholder.
    var lastWords: [String] { fixedSegments.last.map(NameWords.of) ?? [] }

    var pathWords: [String] { fixedSegments.flatMap(NameWords.of) }
    var idWords: [String] { id.map(NameWords.of) ?? [] }
    var summaryWords: [String] { NameWords.of(summary) }
    var tagWords: [String] { tags.flatMap(NameWords.of) }

    /// `POST /workflows/execute`
    var title: String { "\(method) \(path)" }
}
