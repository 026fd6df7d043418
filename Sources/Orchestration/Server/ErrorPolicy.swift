package import DataStudio

/// What the error policy makes of one try of a request: the whole table, and nothing else.
package enum ErrorPolicy {
    /// What a request is for, as far as the policy tells requests apart.
    package enum Purpose: String, CaseIterable, Hashable, Sendable {
        /// It begins something that must not begin twice.
        case start
        /// It looks at jobs in flight: nothing short of the patience ends that.
        case watch
        /// A script's question, or an effect that may be repeated.
        case question
    }

    /// What to do.
    package enum Verdict: Hashable, Sendable {
        /// It was answered, with a status that means success: the answer is to be read.
        case read(StudioReply)
        /// Try again, for as long as the patience lasts, and no sooner than the server wants.
        case again(String, retryAfter: Duration?)
        /// The key was refused: read it anew, try again if it is another one, else give up.
        case readKey(status: Int, String)
        /// The server refused the request.
        case refused(status: Int, String)
        /// It may have been executed, and must never be sent again.
        case doubtful(String)
        /// An answer that cannot be understood.
        case nonsense(String)
    }

    /// What to do about the outcome of a try.
    package static func verdict(
        _ outcome: ExchangeOutcome, _ purpose: Purpose, _ api: StudioAPI
    ) -> Verdict {
        switch outcome {
        case .unsent(let reason): return .again(reason, retryAfter: nil)
        case .broken(let reason):
            return purpose == .start ? .doubtful("the start was sent, and \(reason)") : .again(reason, retryAfter: nil)
        case .reply(let reply):
            do throws(StudioFault) {
                try api.readDone(reply)
                return .read(reply)
            } catch {
                return verdict(error, purpose, retryAfter: reply.retryAfter)
            }
        }
    }

    /// What to do about a fault in an answer, found by its status or by reading it.
    package static func verdict(
        _ fault: StudioFault, _ purpose: Purpose, retryAfter: Duration? = nil
    ) -> Verdict {
        switch fault {
        case .busy(let retryAfter): return .again("the server is busy (429)", retryAfter: retryAfter)
        case .unauthorised(let status, let message): return .readKey(status: status, message)
        case .rejected(let status, let message): return .refused(status: status, message)
        case .failed(let status, let message):
            return purpose == .start
                ? .doubtful("the server answered \(status) to the start: \(message)")
                : .again("the server answered \(status): \(message)", retryAfter: retryAfter)
        case .protocolViolation(let text):
            switch purpose {
            case .start: return .doubtful("the answer to the start cannot be understood: \(text)")
            case .watch: return .again("an answer that cannot be understood: \(text)", retryAfter: nil)
            case .question: return .nonsense(text)
            }
        case .unsupported(let operation): return .refused(status: 501, "no operation \(operation.rawValue)")
        }
    }
}
