package import DataStudio
package import Orchestration
package import SimulatedStudio

extension ExchangeOutcome {
    /// How a request to a simulated server ended that was answered like that.
    ///
    /// - Parameter time: by the server's clock.
    package init(_ reply: SimulatedReply, at time: Timestamp) {
        self =
            switch reply.delivery {
            case .complete: .reply(reply.received(at: time))
            case .refused: .unsent("the connection is refused")
            case .nothing, .head, .half, .trickle: .broken("the server closed the connection without an answer")
            }
    }
}
