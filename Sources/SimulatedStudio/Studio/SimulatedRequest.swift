package import DataStudio
import HTTPTypes
import JSON

/// A request as a server sees it.
package struct SimulatedRequest: Hashable, Sendable {
    /// In any case.
    package var method: String
    /// The path with its query, percent-encoded.
    package var path: String
    /// The value of the `Authorization` header.
    package var authorization: String?
    /// Empty if there is none.
    package var body: [UInt8]
    /// True for a body longer than `SimulatedStudio.bodyLimit`, which is then left out.
    package var isTooLong = false

    /// A request whose body is complete.
    package init(method: String, path: String, authorization: String? = nil, body: [UInt8] = []) {
        self.method = method
        self.path = path
        self.authorization = authorization
        self.body = body
    }

    /// A request of ours as it arrives.
    package init(_ request: StudioRequest, authorization: String?) {
        self.init(
            method: request.method.rawValue, path: request.path, authorization: authorization,
            body: request.body.map { Array($0.jsonText.utf8) } ?? [])
    }
}
