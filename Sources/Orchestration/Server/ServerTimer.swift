/// What a ``ServerMachine`` waits for time to pass for.
package enum ServerTimer: Hashable, Sendable {
    /// It is time to ask about the jobs.
    case tick(Int)
    /// A request is tried again.
    case retry(ExchangeID)
    /// A question is asked again, as the answer was not final.
    case ask(QueryID)
}
