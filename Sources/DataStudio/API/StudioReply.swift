import JSON

/// An answer as it came over the wire.
package struct StudioReply: Hashable, Sendable {
    /// The HTTP status, whatever it is.
    package var status: Int
    /// The `Retry-After` header, as a time from now.
    package var retryAfter: Duration?
    /// Where a redirect that was not followed leads.
    package var location: String?
    /// The server's clock when it answered: the `Date` header, whole seconds.
    package var date: Timestamp?
    /// The bytes of the body, JSON or not; empty if there is none.
    package var body: [UInt8]

    /// A reply; without more than a status, one with an empty body.
    package init(
        status: Int, retryAfter: Duration? = nil, location: String? = nil, date: Timestamp? = nil,
        body: [UInt8] = []
    ) {
        self.status = status
        self.retryAfter = retryAfter
        self.location = location
        self.date = date
        self.body = body
    }
}
