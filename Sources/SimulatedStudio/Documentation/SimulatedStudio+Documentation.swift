extension SimulatedStudio {
    /// Where the page looks for the OpenAPI document.
    static let openAPIPath = "/api/docs/openapi.json"

    /// What lies below `/api/docs`, where real servers publish their API; `nil` for other paths.
    func documentation(_ path: String) -> SimulatedReply? {
        switch path {
        case "/api/docs": .redirect(to: "/api/docs/")
        case "/api/docs/", "/api/docs/index.html":
            .content(status: 200, type: "text/html; charset=utf-8", Array(DocumentationPage.html.utf8))
        case Self.openAPIPath: .json(status: 200, OpenAPIDocument(description, ids: scenario.ids).json)
        default: nil
        }
    }
}
