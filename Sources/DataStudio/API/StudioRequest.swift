package import HTTPTypes
package import JSON

/// A request to build on: everything but the host, the key and the connection.
package struct StudioRequest: Hashable, Sendable {
    /// What it is for: starts are treated with more care than reads.
    package var operation: Operation
    /// The HTTP method of the API description.
    package var method: HTTPRequest.Method
    /// The path with its query, percent-encoded.
    package var path: String
    /// The JSON body.
    package var body: JSON?

    /// A request without a body, unless one is given.
    package init(operation: Operation, method: HTTPRequest.Method, path: String, body: JSON? = nil) {
        self.operation = operation
        self.method = method
        self.path = path
        self.body = body
    }
}
