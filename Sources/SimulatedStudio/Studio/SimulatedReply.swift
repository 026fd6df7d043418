package import JSON

/// What a simulated server answers.
package enum SimulatedReply: Hashable, Sendable {
    /// A JSON body.
    case json(status: Int, JSON)
    /// Something else with its media type.
    case content(status: Int, type: String, [UInt8])
    /// 302 to a path of the same server.
    case redirect(to: String)
    /// The connection is closed without an answer.
    case dropped

    /// `nil` for what was dropped.
    package var status: Int? {
        switch self {
        case .json(let status, _), .content(let status, _, _): status
        case .redirect: 302
        case .dropped: nil
        }
    }

    /// The media type of the body.
    package var contentType: String? {
        switch self {
        case .json: "application/json"
        case .content(_, let type, _): type
        case .redirect, .dropped: nil
        }
    }

    /// The body as bytes; empty if there is none.
    package var body: [UInt8] {
        switch self {
        case .json(_, let json): Array(json.jsonText.utf8)
        case .content(_, _, let bytes): bytes
        case .redirect, .dropped: []
        }
    }
}
