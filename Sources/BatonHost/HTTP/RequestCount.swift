import Synchronization

/// How many requests a client has sent, and how many of them came to nothing: those are made again where they may be.
package final class RequestCount: Sendable {
    private let all = Atomic(0)
    private let broken = Atomic(0)

    func sent() { all.add(1, ordering: .relaxed) }
    func noteFailure() { broken.add(1, ordering: .relaxed) }

    /// Since the client was opened.
    package var total: Int { all.load(ordering: .relaxed) }
    /// Of these without an answer, or answered with 429 or 5xx.
    package var failed: Int { broken.load(ordering: .relaxed) }
}
