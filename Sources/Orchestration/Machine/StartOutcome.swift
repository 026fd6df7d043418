package import DataStudio

/// How the one request that starts a workflow ended.
package enum StartOutcome: Sendable {
    case accepted(JobID)
    /// It was certainly not executed.
    case failed(StepFailure)
    /// It was not sent: nobody wanted it any more.
    case withdrawn
    /// It may have been executed; it must never be sent again.
    case doubtful(String)
}

extension StartOutcome {
    /// What the answer to a start means.
    ///
    /// - Returns: `nil` for 429, after which the start may be sent again: nothing was executed.
    package init?(_ reply: StudioReply, _ api: StudioAPI) {
        do throws(StudioFault) {
            self = .accepted(try api.readStart(reply))
        } catch {
            switch error {
            case .busy: return nil
            case .failed(let status, let message):
                self = .doubtful("the server answered \(status) to the start: \(message)")
            case .protocolViolation(let text):
                self = .doubtful("the answer to the start cannot be understood: \(text)")
            case .rejected, .unauthorised, .unsupported: self = .failed(StepFailure(error))
            }
        }
    }
}
