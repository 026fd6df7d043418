import JSON

/// An answer as it came over the wire.
package struct StudioReply: Hashable, Sendable {
    /// The HTTP status, whatever it is.
    package var status: Int
    /// The `Retry-After` header, when it was a number of seconds.
    package var retryAfter: Duration?
    /// The bytes of the body, JSON or not; empty if there is none.
    package var body: [UInt8]

    /// A reply; without more than a status, one with an empty body.
    package init(status: Int, retryAfter: Duration? = nil, body: [UInt8] = []) {
        self.status = status
        self.retryAfter = retryAfter
        self.body = body
    }
}
