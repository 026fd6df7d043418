import DataStudio
import JSON

extension SimulatedStudio {
    /// Where the page looks for the OpenAPI document unless the scenario says otherwise.
    package static let openAPIPath = "/api/docs/openapi.json"

    /// Where the page that shows the jobs is.
    package static let jobsPath = "/simulator"

    /// What lies below `/api/docs`, where real servers publish their API, and the simulator's own page; `nil` for other
    /// paths. None of it asks for a key.
    func documentation(_ path: String, at now: Timestamp) -> SimulatedReply? {
        switch path {
        case "/api/docs": .redirect(to: "/api/docs/")
        case "/api/docs/", "/api/docs/index.html":
            .html(DocumentationPage.html(documentAt: document?.path ?? Self.openAPIPath))
        case document?.path:
            document.map { .content(status: 200, type: $0.contentType, Array($0.text.utf8)) }
        case Self.openAPIPath where document == nil:
            .json(status: 200, OpenAPIWriter(description, ids: scenario.ids).json)
        case Self.jobsPath, Self.jobsPath + "/": .html(JobsPage.html)
        case Self.jobsPath + "/state.json": .json(status: 200, simulatorState(at: now))
        default: nil
        }
    }

    /// What the page of the simulator shows: its jobs, newest first, and the last requests.
    private func simulatorState(at now: Timestamp) -> JSON {
        .record([
            "now": .string(now.iso8601),
            "jobs": .array(jobLog(at: now).suffix(200).reversed()),
            "requests": .array(log.suffix(50).reversed().map(\.json)),
        ])
    }
}

extension SimulatedReply {
    fileprivate static func html(_ text: String) -> SimulatedReply {
        .content(status: 200, type: "text/html; charset=utf-8", Array(text.utf8))
    }
}
