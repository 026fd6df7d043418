/// An answer as it came over the wire.
package struct StudioReply: Hashable, Sendable {
    package var status: Int
    /// The `Retry-After` header, when it was a number of seconds.
    package var retryAfter: Duration?
    package var body: [UInt8]

    package init(status: Int, retryAfter: Duration? = nil, body: [UInt8] = []) {
        self.status = status
        self.retryAfter = retryAfter
        self.body = body
    }
}
