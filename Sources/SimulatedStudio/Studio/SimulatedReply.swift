package import DataStudio
package import JSON

/// What a simulated server answers, and how much of it arrives.
package struct SimulatedReply: Hashable, Sendable {
    /// The HTTP status.
    package var status = 200
    /// The media type of the body.
    package var contentType: String?
    /// Empty if there is none.
    package var body: [UInt8] = []
    /// Where a redirect leads.
    package var location: String?
    /// In seconds.
    package var retryAfter: Int64?
    /// Whether it has a `Date` header.
    package var hasDate = true
    /// How much later it comes than it could.
    package var delay = Duration.zero
    /// How it comes.
    package var delivery = Delivery.complete

    /// How an answer reaches the client.
    package enum Delivery: Hashable, Sendable {
        case complete
        /// The connection is closed without a byte.
        case nothing
        /// There was no connection.
        case refused
        /// The connection is closed after the header.
        case head
        /// The connection is closed in the middle of the body.
        case half
        /// The body comes with one byte a second.
        case trickle
    }

    /// A JSON body.
    package static func json(status: Int, _ json: JSON) -> SimulatedReply {
        SimulatedReply(status: status, contentType: "application/json", body: Array(json.jsonText.utf8))
    }

    /// Something else with its media type.
    package static func content(status: Int, type: String, _ body: [UInt8]) -> SimulatedReply {
        SimulatedReply(status: status, contentType: type, body: body)
    }

    /// 302 to a path of the same server, or to another one.
    package static func redirect(to location: String) -> SimulatedReply {
        SimulatedReply(status: 302, location: location)
    }

    /// The connection is closed without an answer.
    package static let dropped = SimulatedReply(delivery: .nothing)
    /// Nobody listens.
    package static let refused = SimulatedReply(delivery: .refused)

    /// The answer as a client reads it, if all of it arrives.
    ///
    /// - Parameter clock: the server's.
    package func received(at clock: Timestamp) -> StudioReply {
        StudioReply(
            status: status, retryAfter: retryAfter.map { .seconds($0) },
            // As the header `Date` has it.
            date: hasDate ? Timestamp(milliseconds: clock.seconds * 1000) : nil, body: body)
    }
}
