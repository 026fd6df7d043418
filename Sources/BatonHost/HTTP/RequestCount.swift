import Synchronization

/// How many requests a client has sent, and how many of them came to nothing: those are made again where they may be.
package final class RequestCount: Sendable {
    private let all = Atomic(0)
    private let broken = Atomic(0)
    private let answered = Atomic(0)
    private let unanswered = Atomic(0)

    func sent() { all.add(1, ordering: .relaxed) }
    func noteNoAnswer() {
        broken.add(1, ordering: .relaxed)
        unanswered.add(1, ordering: .relaxed)
    }

    /// The server has answered.
    func noteAnswer(_ status: Int) {
        if status >= 500 || status == 429 { broken.add(1, ordering: .relaxed) }
        if status < 500, ![401, 403, 429].contains(status) {
            answered.add(1, ordering: .relaxed)
        } else {
            unanswered.add(1, ordering: .relaxed)
        }
    }

    /// Those that the server has served.
    package var served: Int { answered.load(ordering: .relaxed) }
    /// Those without an answer, and those for which the server or the key was not in order.
    package var unserved: Int { unanswered.load(ordering: .relaxed) }

    /// Since the client was opened.
    package var total: Int { all.load(ordering: .relaxed) }
    /// Of these without an answer, or answered with 429 or 5xx.
    package var failed: Int { broken.load(ordering: .relaxed) }
}
