import Escaping
import JSON

/// Where to look for a server's OpenAPI document: its Swagger page first, what that names, then the usual places. No I/O:
/// it is told what was found at each path.
package struct OpenAPISearch: Sendable {
    /// A document and where it was.
    package struct Found: Sendable {
        /// Where it was.
        package let path: String
        /// What was there.
        package let document: OpenAPIDocument
    }

    /// The document, once there is one.
    package private(set) var found: Found?
    /// What was almost a document, and why not.
    package private(set) var failures: [String] = []
    private var waiting: [String]
    private var seen: Set<String> = []
    /// What was read already, by its hash, and whether it was a document: some servers send the same for every path.
    private var known: [Int: Bool] = [:]
    /// How many more bytes are read.
    private var budget = 4 * OpenAPIDocument.longest
    /// How many more bytes are looked through for links.
    private var linkBudget = 1 << 20

    /// How many paths are tried at most.
    private static let most = 60
    /// How many links of a page are followed, and in how much of it they are looked for.
    private static let mostLinks = 30
    private static let longestPage = 512 << 10
    private static let pages = ["/api/docs/index.html", "/api/docs/", "/swagger-ui/index.html", "/swagger/index.html"]
    private static let places = [
        "/api/docs/openapi.json", "/api/docs/swagger.json", "/api/docs/openapi.yaml", "/api/docs/swagger.yaml",
        "/api/docs/v2/openapi.json", "/api/docs/v1/openapi.json", "/api/docs/v2/swagger.json",
        "/api/docs/v1/swagger.json", "/openapi.json", "/openapi.yaml", "/swagger.json", "/swagger.yaml",
        "/v3/api-docs", "/v2/api-docs", "/api/v3/api-docs", "/api-docs", "/swagger/v1/swagger.json",
        "/swagger/v2/swagger.json", "/api/openapi.json", "/api/openapi.yaml", "/api/swagger.json", "/q/openapi",
        "/docs/openapi.json", "/openapi",
    ]

    /// A search that has not begun.
    ///
    /// - Parameter hint: where the document or its page is, if somebody knows.
    package init(hint: String? = nil) {
        waiting = (hint.map { [$0] } ?? []) + Self.pages + Self.places
    }

    /// The next path to ask for; `nil` when the document is found or there is nowhere left to look.
    package mutating func next() -> String? {
        guard found == nil, seen.count < Self.most else { return nil }
        while let path = waiting.first {
            waiting.removeFirst()
            if seen.insert(path).inserted { return path }
        }
        return nil
    }

    /// The document that was found, if there is one. The search goes on as if there were none.
    package mutating func takeFound() -> Found? {
        defer { found = nil }
        return found
    }

    /// Takes what was at a path.
    package mutating func take(_ body: [UInt8], at path: String) {
        guard body.count <= budget else { return }
        budget -= body.count
        if let isDocument = known[body.hashValue] {
            if !isDocument { follow(body, at: path) }
            return
        }
        do throws(OpenAPIError) {
            found = Found(path: path, document: try OpenAPIDocument(parsing: body, at: path))
            known[body.hashValue] = true
        } catch {
            known[body.hashValue] = false
            let text = follow(body, at: path)
            if text.contains("\"paths\"") || text.contains("\npaths:") { failures.append("\(path): \(error)") }
        }
    }

    /// Looks for links in a page or script: where it leads is asked for next.
    ///
    /// - Returns: the text in which they were looked for.
    @discardableResult
    private mutating func follow(_ body: [UInt8], at path: String) -> String {
        let text = String(decoding: body.prefix(min(linkBudget, Self.longestPage)), as: UTF8.self)
        linkBudget -= min(linkBudget, body.count)
        // A relative link leads elsewhere from another path.
        let links = Self.links(in: text).prefix(Self.mostLinks).map { DocumentPath.resolve($0, relativeTo: path) }
        waiting = links.filter { !seen.contains($0) } + waiting
        return text
    }

    /// The documents, configurations and scripts that a page, a script or a configuration names, on the same server.
    static func links(in text: String) -> [String] {
        var links: [String] = []
        // Every quoted text is looked at: pages write it in many ways.
        for quote in ["\"", "'", "`"] {
            let parts = text.split(separator: quote, omittingEmptySubsequences: false)
            // Between two quotes of a kind, whichever is the first: a text is taken for what it looks like.
            for (index, part) in parts.enumerated() where part.utf8.count < 300 {
                let link = String(part).replacing(bytes: "\\/", with: "/")
                let before = index > 0 ? parts[index - 1].suffix(24).lowercased() : ""
                if looksLikeDocument(link, after: before) { links.append(link) }
            }
        }
        var seen: Set<String> = []
        return links.filter { seen.insert($0).inserted }
    }

    private static func looksLikeDocument(_ link: String, after text: String) -> Bool {
        guard !link.isEmpty, !link.contains(where: { $0.isWhitespace || "<>{}()".contains($0) }), !link.contains("://"),
            !link.hasPrefix("//"), !link.hasPrefix("#"), !link.hasPrefix("data:")
        else { return false }
        let path = link.split(whereSeparator: { $0 == "?" || $0 == "#" }).first.map(String.init)?.lowercased() ?? ""
        if [".json", ".yaml", ".yml"].contains(where: path.hasSuffix) {
            return !path.hasSuffix("package.json") && !path.hasSuffix("manifest.json")
        }
        if path.hasSuffix(".js") {
            return path.contains("initializer") || path.contains("swagger-config") || path.contains("index")
        }
        if ["api-docs", "openapi", "swagger"].contains(where: { path.hasSuffix($0) }), path.contains("/") {
            return true
        }
        // `url: "…"`, `"url": "…"`, `configUrl: "…"`, `spec-url="…"`
        let before = text.filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" }
        return before.hasSuffix("url:") || before.hasSuffix("configurl:") || before.hasSuffix("spec-url=")
    }
}
