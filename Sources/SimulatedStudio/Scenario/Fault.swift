package import DataStudio

/// Something that a simulated server does wrong, and when.
package struct Fault: Hashable, Sendable {
    /// What goes wrong.
    package var kind: Kind
    /// Requests of this operation only; `nil`: of all.
    package var operation: Operation?
    /// Requests and jobs of the workflow with this label only; `nil`: of all.
    package var label: String?
    /// Since the server began.
    package var from = Duration.zero
    /// How long it lasts from then on; `nil`: for good.
    package var length: Duration?
    /// How many requests that would be hit are spared first.
    package var skip = 0
    /// How many requests are hit; `nil`: all.
    package var count: Int?
    /// How likely a request is hit, from 0 to 1; the scenario's seed decides which.
    package var probability = 1.0

    /// A fault of all requests, for good.
    package init(_ kind: Kind) {
        self.kind = kind
    }

    /// What can go wrong.
    package enum Kind: Hashable, Sendable {
        /// Nobody listens: connections are refused. What becomes of the jobs shows when the server is back.
        case down(Restart)
        /// The answer comes so much later.
        case delay(Duration)
        /// The request is carried out, and the connection closed without an answer.
        case lost
        /// The connection is closed without an answer, and nothing is done.
        case reset
        /// The request is carried out; after the header of the answer the connection is closed.
        case noBody
        /// The request is carried out; in the middle of the answer's body the connection is closed.
        case halfBody
        /// The request is carried out; the answer's body comes with one byte a second.
        case trickle
        /// The request is answered with this status.
        case status(Int, ErrorBody, retryAfter: Duration?, done: Bool)
        /// The request is answered with a redirect.
        case redirect(to: String)
        /// Jobs are neither listed nor found.
        case vanish
        /// Jobs have this state, by the server's name.
        case state(String)
    }

    /// What becomes of the jobs when a server goes down and comes back.
    package enum Restart: String, CaseIterable, Hashable, Sendable {
        /// They have gone on.
        case keep
        /// The server does not know them any more.
        case lose
        /// Nor that their ids have been given away.
        case reuseIds = "reuse_ids"
    }

    /// The body of an error.
    package enum ErrorBody: String, CaseIterable, Hashable, Sendable {
        /// As the API description has it.
        case json
        /// A proxy's page.
        case html
        case empty
    }

    /// True between its beginning and its end.
    ///
    /// - Parameter age: since the server began.
    func isActive(at age: Duration) -> Bool {
        age >= from && (length.map { age < from + $0 } ?? true)
    }
}
